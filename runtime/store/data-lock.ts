import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Another process serves from this data directory. */
export class DataInUse extends Error {
  override readonly name = 'DataInUse';
}

/** The data directory cannot be made, or not be written; the message says why and what would do. */
export class DataUnusable extends Error {
  override readonly name = 'DataUnusable';
}

export interface DataLock {
  release(): Promise<void>;
}

/**
 * Makes sure that one process serves from a data directory, by listening on a local socket named after it. The system
 * gives it back however the process ends, so a killed one leaves nothing in the way. Throws DataInUse and DataUnusable.
 */
export async function lockDataDir(dataDir: string): Promise<DataLock> {
  openFolder(dataDir);
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

function openFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataUnusable(
      `${dataDir} cannot be used as data directory (${code}): choose a folder that this user may write as ISOLA_DATA_DIR.`,
    );
  }
}

/** Like mkdir's own `recursive`, which never returns where a folder is there and takes no other, as in /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
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
