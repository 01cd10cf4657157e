import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** The key that may do everything. */
export interface RootKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Absolute or relative path of the credentials file of a data directory, for AWS_SHARED_CREDENTIALS_FILE. */
export function toCredentialsPath(dataDir: string): string {
  return join(dataDir, 'credentials');
}

/**
 * The root key: the configured one, else the one of the last start, else a new one. It is always written to
 * `{dataDir}/credentials` (AWS profile format, profiles default and isola, mode 0600), so that
 * AWS_SHARED_CREDENTIALS_FILE can point there. The file appears whole or not at all.
 * Throws when the file is there but holds no key: overwriting it would lock out whoever holds the old one.
 */
export async function loadRootKey(
  dataDir: string,
  configured: { readonly rootAccessKeyId: string | undefined; readonly rootSecretAccessKey: string | undefined },
): Promise<RootKey> {
  const path = toCredentialsPath(dataDir);
  const stored = await readIfPresent(path);
  const { rootAccessKeyId: accessKeyId, rootSecretAccessKey: secretAccessKey } = configured;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const key = { accessKeyId, secretAccessKey };
    if (stored !== formatCredentials(key)) await writeWhole(dataDir, path, formatCredentials(key));
    return key;
  }
  if (stored !== undefined) return parseCredentials(stored, path);
  const key = createRootKey();
  await writeWhole(dataDir, path, formatCredentials(key));
  return key;
}

/** Twenty characters as AWS's own ids, and a secret of forty, which is 240 random bits. */
function createRootKey(): RootKey {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const id = Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('');
  return { accessKeyId: `AKIA${id}`, secretAccessKey: randomBytes(30).toString('base64') };
}

function formatCredentials(key: RootKey): string {
  const profile = (name: string): string =>
    `[${name}]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`;
  return `${profile('default')}\n${profile('isola')}`;
}

function parseCredentials(text: string, path: string): RootKey {
  const profiles = new Map<string, Map<string, string>>();
  let profile = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (section !== undefined) {
      profile = new Map();
      profiles.set(section.trim(), profile);
    }
    const setting = /^\s*([a-z_]+)\s*=\s*(\S+)\s*$/.exec(line);
    if (setting) profile.set(setting[1]!, setting[2]!);
  }
  const chosen = profiles.get('isola') ?? profiles.get('default');
  const accessKeyId = chosen?.get('aws_access_key_id');
  const secretAccessKey = chosen?.get('aws_secret_access_key');
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(`${path} holds no access key. Restore it, or remove it to have a new key made.`);
  }
  return { accessKeyId, secretAccessKey };
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeWhole(dataDir: string, path: string, text: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
