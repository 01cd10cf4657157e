import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startTestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';

function createDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-recent-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

async function loads(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/isola_artifact_load_seconds_count\{phase="compile"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}

it('what was used last is compiled after a restart, before anyone calls it', async () => {
  const env = { ISOLA_DATA_DIR: createDataDir(), ISOLA_THREADS: '1' };
  const first = await startTestIsola(env);
  for (const name of ['a', 'b', 'unused']) await first.create(name, guest(name === 'a' ? 'echo' : 'counter'));
  for (const name of ['a', 'b', 'a']) await first.invoke(name);
  await first.stop();
  const recent = JSON.parse(readFileSync(join(env.ISOLA_DATA_DIR, 'recent.json'), 'utf8'));
  expect(recent).toEqual(['a', 'b'].map((name) => ({ arn: ARN + name, version: '$LATEST' })));

  const second = await startTestIsola(env);
  await expect.poll(() => loads(second.url)).toBe(2);
  await second.stop();
  expect(JSON.parse(readFileSync(join(env.ISOLA_DATA_DIR, 'recent.json'), 'utf8'))).toEqual(recent);
});

it.each(['', '{"a":1}', '[null,{"arn":"nonsense","version":"1"},{"arn":7}]'])(
  '%j in its place harms nobody',
  async (text) => {
    const dataDir = createDataDir();
    writeFileSync(join(dataDir, 'recent.json'), text);
    const isola = await startTestIsola({ ISOLA_DATA_DIR: dataDir, ISOLA_THREADS: '1' });
    await isola.create('f', guest('counter'));
    expect((await isola.invoke('f')).payload).toBe(1);
    await isola.stop();
  },
);
