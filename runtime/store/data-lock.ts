import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another process serves from this data directory. */
export class DataInUse extends Error {
  override readonly name = 'DataInUse';
}

export interface DataLock {
  release(): Promise<void>;
}

/**
 * Makes sure that one process serves from a data directory, by listening on a local socket named after it. The system
 * gives it back however the process ends, so a killed one leaves nothing in the way. Throws DataInUse.
 */
export async function lockDataDir(dataDir: string): Promise<DataLock> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const name = `isola-${createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 32)}`;
  const path = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
  let server = await tryListen(path);
  if (!server && !(await answers(path))) {
    rmSync(path, { force: true });
    server = await tryListen(path);
  }
  if (!server) {
    throw new DataInUse(`${dataDir} is served by another process: stop it, or choose another ISOLA_DATA_DIR.`);
  }
  const held = server;
  return { release: () => new Promise((resolve) => held.close(() => resolve())) };
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    // Of this process alone: node:cluster would have the first process listen for its children.
    server.listen({ path, exclusive: true }, () => resolve(server));
  });
}

/** On systems whose sockets are files, a file that nobody listens on was left by a process that was killed. */
function answers(path: string): Promise<boolean> {
  if (path.startsWith('\0')) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
