import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

const run = promisify(execFile);
const ISOLA = join('dist', 'isola', 'isola.js');

beforeAll(async () => {
  await run(process.execPath, [join('runtime', 'bundle.js')]);
});

it('is executable each time it is built, for links lead to it', () => {
  expect(statSync(ISOLA).mode & 0o111).toBe(0o111);
});

/** Serves a fresh data directory from what ships. */
async function serve(): Promise<{ url: string; credentialsFile: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-bundle-'));
  const child = spawn(process.execPath, [ISOLA, 'serve', '--json', '--port', '0', '--data-dir', dataDir], {
    env: { ...process.env, ISOLA_LOG: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  });
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error('it ended before it served');
}

describe('what ships', () => {
  it('builds, deploys and invokes, each in threads of its own', async () => {
    const { url, credentialsFile } = await serve();
    const client = createClient(url, credentialsFile);
    await createFunction(client, 'f', guest('counter'));
    expect(await invokeFunction(client, 'f')).toMatchObject({ status: 200, payload: 1 });
    expect((await (await fetch(`${url}/metrics`)).text()).includes('isola_invocations_total')).toBe(true);
    client.destroy();
  });

  it('knows its version, its commands and its templates', async () => {
    expect((await run(process.execPath, [ISOLA, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run(process.execPath, [ISOLA, 'help'])).stdout).toContain('isola serve');
    const folder = mkdtempSync(join(tmpdir(), 'isola-bundle-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const made = await run(process.execPath, [join(process.cwd(), ISOLA), 'init', 'made'], { cwd: folder });
    expect(made.stdout).toContain('made');
  });
});
