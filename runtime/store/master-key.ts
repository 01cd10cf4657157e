import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_BYTES } from './cipher.ts';

/** The secrets cannot be read, or not be kept safely; the message says why, and a way out. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused';
}

/** The keys that a process was given for what is sealed in a data directory. */
export interface MasterKeys {
  /** ISOLA_KEY: used from now on, in place of the key file. */
  readonly configured: Uint8Array | undefined;
  /** ISOLA_PREVIOUS_KEY: tried when the one to use does not fit, which then takes its place. */
  readonly previous: Uint8Array | undefined;
  readonly file: KeyFile;
}

/** From settings that were checked when they were parsed. */
export function toMasterKeys(
  dataDir: string,
  { key, previousKey }: { readonly key: string | undefined; readonly previousKey: string | undefined },
): MasterKeys {
  return { configured: toKey(key), previous: toKey(previousKey), file: new KeyFile(dataDir) };
}

/** `key` in the data directory: 32 random bytes in base64, for its owner's eyes alone. */
export class KeyFile {
  readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'key');
  }

  /** Undefined when there is no such file. Throws KeyRefused when it holds something else. */
  read(): Uint8Array | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const key = parseKey(text.trim());
    if (!key) throw new KeyRefused(`${this.path} holds no key of 32 bytes: restore it from a backup.`);
    return key;
  }

  /** Makes the file with a new key, whole or not at all, and on the disk when this returns. */
  create(): Uint8Array {
    const key = randomBytes(KEY_BYTES);
    mkdirSync(join(this.path, '..'), { recursive: true, mode: 0o700 });
    const aside = `${this.path}.${randomBytes(6).toString('hex')}`;
    const file = openSync(aside, 'wx', 0o600);
    try {
      writeSync(file, `${key.toString('base64')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, this.path);
    const directory = openSync(join(this.path, '..'), 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
    return key;
  }
}

function toKey(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : parseKey(text);
}

/** 32 bytes in hex or base64; undefined when the text is something else. */
function parseKey(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return /^[A-Za-z0-9+/]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
