import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'isola-restart-'));
const children: ChildProcess[] = [];

async function serve(log = 'off'): Promise<{ child: ChildProcess; url: string; credentialsFile: string }> {
  const env = { ...process.env, ISOLA_DATA_DIR: dataDir, ISOLA_PORT: '0', ISOLA_LOG: log };
  const child = spawn(process.execPath, ['dist/test/support/serve.js'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return { child, ...JSON.parse(await untilLine(child, /^\{"url"/)) };
}

/** The first line of its output that matches. */
async function untilLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const [chunk] of on(child.stdout as NodeJS.ReadableStream, 'data')) {
    text += String(chunk);
    const line = text.split('\n').find((each) => pattern.test(each));
    if (line !== undefined) return line;
  }
  throw new Error(`the process ended without a line like ${pattern}`);
}

function blobs(): string[] {
  const root = join(dataDir, 'blobs');
  return readdirSync(root).flatMap((shelf) => readdirSync(join(root, shelf)).map((name) => join(root, shelf, name)));
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

  it('builds again an image that was damaged meanwhile, and says so', async () => {
    const first = await serve();
    const client = createClient(first.url, first.credentialsFile);
    const others = new Set(blobs());
    await createFunction(client, 'damaged', guest('large'));
    await kill(first.child);
    const image = blobs().find((path) => !others.has(path) && readFileSync(path).includes('isola-image'));
    const bytes = readFileSync(image as string);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(image as string, bytes);

    const second = await serve('text');
    const again = createClient(second.url, second.credentialsFile);
    const said = untilLine(second.child, /The image is corrupt on disk; building artifact .* again/);
    expect(await invokeFunction(again, 'damaged')).toMatchObject({ status: 200, payload: 7 });
    await said;
    expect(readFileSync(image as string)).not.toEqual(bytes);
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
