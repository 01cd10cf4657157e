import { join } from 'node:path';

/** Where the processes of a data directory meet: in a folder of it that nobody else may enter. */
export interface Places {
  readonly folder: string;
  /** Numbers that say what has changed. */
  readonly changes: string;
  /** Questions and answers. */
  readonly channel: string;
  /** HTTP requests that are passed on. */
  readonly door: string;
}

/** The system's limit for the path of a local socket, in bytes. */
const LONGEST_SOCKET_PATH = 103;

/** Throws when the path is too long for the sockets. */
export function toPlaces(dataDir: string): Places {
  const folder = join(dataDir, 'cluster');
  const at = (name: string): string => join(folder, name);
  const channel = at('channel');
  if (Buffer.byteLength(channel) > LONGEST_SOCKET_PATH) {
    throw new Error(`${dataDir} is too long a path for several processes: choose a shorter ISOLA_DATA_DIR.`);
  }
  return { folder, changes: at('changes'), channel, door: at('door') };
}
