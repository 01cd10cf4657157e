import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { startServer } from '../support/server-process.ts';
import { guest } from '../support/wat.ts';

describe('a server whose log nobody takes', () => {
  it.each([
    ['is not read any more', (stdout: { pause(): unknown }) => void stdout.pause()],
    ['was closed', (stdout: { destroy(): unknown }) => void stdout.destroy()],
  ])(
    'serves on when it %s',
    async (_what, forsake) => {
      const dataDir = mkdtempSync(join(tmpdir(), 'isola-test-'));
      const server = await startServer({ ISOLA_DATA_DIR: dataDir, ISOLA_LOG: 'text' });
      const client = createClient(server.url, server.credentialsFile);
      onTestFinished(async () => {
        client.destroy();
        await server.kill();
        rmSync(dataDir, { recursive: true });
      });
      await createFunction(client, 'loud', guest('log-flood'), { Timeout: 2 });
      await createFunction(client, 'echo', guest('echo'));
      forsake(server.stdout);
      // Each logs a megabyte, which is more than a pipe holds.
      for (let round = 0; round < 3; round++) await invokeFunction(client, 'loud');
      expect(await invokeFunction(client, 'echo', 'hello')).toMatchObject({ payload: 'hello' });
      await server.stop();
      expect(await server.ended).toBe(0);
    },
    60_000,
  );
});
