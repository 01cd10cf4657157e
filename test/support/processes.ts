import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createClient } from './isola.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** `isola serve` in several processes, with clients that have a connection each. */
export interface TestProcesses {
  readonly server: ServerProcess;
  readonly dataDir: string;
  /** A client whose connections are its own: the next one is another process's. */
  client(): LambdaClient;
  /** The processes of a role that are alive now. */
  pids(role: 'keeper' | 'front'): readonly number[];
  stop(): Promise<void>;
}

export async function startTestProcesses(env: Readonly<Record<string, string>> = {}): Promise<TestProcesses> {
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-test-'));
  const server = await startServer({ ISOLA_PROCESSES: '2', ISOLA_DATA_DIR: dataDir, ...env });
  const clients: LambdaClient[] = [];
  return {
    ...{ server, dataDir },
    client() {
      const client = createClient(server.url, server.credentialsFile);
      clients.push(client);
      return client;
    },
    pids: (role) => childrenOf(server.pid).flatMap(([pid, title]) => (title === `isola ${role}` ? [pid] : [])),
    async stop() {
      for (const client of clients) client.destroy();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Processes by their parent, with their titles. */
export function childrenOf(parent: number): readonly (readonly [pid: number, title: string])[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, ppid, stat = '', title = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
    return Number(ppid) === parent && !stat.startsWith('Z') ? [[Number(pid), title] as const] : [];
  });
}
