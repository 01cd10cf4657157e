import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ServerProcess, startServer } from './server-process.ts';

/** Servers that a test starts and kills, one after another, on one data directory. */
export interface MortalServers {
  readonly dataDir: string;
  start(env?: Readonly<Record<string, string>>): Promise<ServerProcess>;
}

/** With the test they end, and their data goes. */
export function createMortalServers(): MortalServers {
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-test-'));
  const servers: ServerProcess[] = [];
  onTestFinished(async () => {
    for (const server of servers) await server.kill();
    rmSync(dataDir, { recursive: true });
  });
  return {
    dataDir,
    async start(env = {}) {
      const server = await startServer({ ISOLA_DATA_DIR: dataDir, ...env });
      servers.push(server);
      return server;
    },
  };
}
