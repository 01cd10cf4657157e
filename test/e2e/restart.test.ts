import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'isola-restart-'));
const children: ChildProcess[] = [];

async function serve(): Promise<{ child: ChildProcess; url: string; credentialsFile: string }> {
  const env = { ...process.env, ISOLA_DATA_DIR: dataDir, ISOLA_PORT: '0', ISOLA_LOG: 'off' };
  const child = spawn(process.execPath, ['dist/test/support/serve.js'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, ...JSON.parse(line.toString()) };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('a process that is killed', () => {
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await kill(child);
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('serves its functions again after a restart, with the same key', async () => {
    const first = await serve();
    const client = createClient(first.url, first.credentialsFile);
    await createFunction(client, 'survivor', guest('counter'));
    expect((await invokeFunction(client, 'survivor')).payload).toBe(1);
    await kill(first.child);

    const second = await serve();
    const again = createClient(second.url, first.credentialsFile);
    expect(await invokeFunction(again, 'survivor')).toMatchObject({ status: 200, payload: 1 });
    client.destroy();
    again.destroy();
  });

  it('keeps every function whose creation was acknowledged', async () => {
    const first = await serve();
    const client = createClient(first.url, first.credentialsFile);
    const acknowledged: string[] = [];
    const creating = Array.from({ length: 40 }, async (_, index) => {
      await createFunction(client, `burst-${index}`, guest('echo'));
      acknowledged.push(`burst-${index}`);
      if (acknowledged.length === 10) await kill(first.child);
    });
    await Promise.allSettled(creating);
    expect(acknowledged.length).toBeGreaterThanOrEqual(10);

    const second = await serve();
    const again = createClient(second.url, second.credentialsFile);
    for (const name of acknowledged) {
      expect(await invokeFunction(again, name, { name })).toMatchObject({ status: 200, payload: { name } });
    }
    client.destroy();
    again.destroy();
  });
});
