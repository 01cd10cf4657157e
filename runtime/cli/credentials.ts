import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Host } from './command.ts';
import { CliError, systemCode } from './failure.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Where they come from, for messages. */
  readonly source: string;
}

/** Credentials, or the places that had none. */
export type Found =
  | { readonly kind: 'found'; readonly credentials: Credentials }
  | { readonly kind: 'none'; readonly looked: readonly string[] };

/**
 * The key to sign with: Isola's root key or AWS's variables from the environment, else the `credentials` file of the
 * data directory, which is looked for in the working directory, in each folder above it, and where this package lies: there
 * `npm start` serves.
 */
export async function findCredentials(host: Pick<Host, 'env' | 'cwd' | 'home'>): Promise<Found> {
  const { env, cwd, home } = host;
  const fromEnv =
    pair(env, 'ISOLA_ROOT_ACCESS_KEY_ID', 'ISOLA_ROOT_SECRET_ACCESS_KEY') ??
    pair(env, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY');
  if (fromEnv) return { kind: 'found', credentials: fromEnv };
  const looked = candidateFiles(cwd, home, env.ISOLA_DATA_DIR || '.isola');
  for (const file of looked) {
    const text = await readOptional(file);
    const credentials = text === undefined ? undefined : parseCredentials(text, file);
    if (credentials) return { kind: 'found', credentials };
  }
  return { kind: 'none', looked: ['AWS_ACCESS_KEY_ID', ...looked] };
}

/** Reads an AWS profile file: the first profile that has both keys. */
function parseCredentials(text: string, source: string): Credentials | undefined {
  let keys: { id?: string; secret?: string } = {};
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*\[/.test(line)) keys = {};
    const [, name, value] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (name === 'aws_access_key_id' && value) keys.id = value;
    if (name === 'aws_secret_access_key' && value) keys.secret = value;
    if (keys.id && keys.secret) return { accessKeyId: keys.id, secretAccessKey: keys.secret, source };
  }
  return undefined;
}

function pair(env: Host['env'], idName: string, secretName: string): Credentials | undefined {
  const accessKeyId = env[idName];
  const secretAccessKey = env[secretName];
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, source: idName } : undefined;
}

function candidateFiles(cwd: string, home: string, dataDir: string): readonly string[] {
  if (isAbsolute(dataDir)) return [join(dataDir, 'credentials')];
  const files: string[] = [];
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    files.push(resolve(folder, dataDir, 'credentials'));
    if (folder === dirname(folder)) break;
  }
  const atHome = resolve(home, dataDir, 'credentials');
  return files.includes(atHome) ? files : [...files, atHome];
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EACCES') throw new CliError(`${file} cannot be read: run as its owner, or set AWS_ACCESS_KEY_ID.`);
    throw error;
  }
}
