import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRootKey, toCredentialsPath } from '../../runtime/gateway/auth/credentials.ts';

const NONE = { rootAccessKeyId: undefined, rootSecretAccessKey: undefined };
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'isola-credentials-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('the root key', () => {
  it('is made at the first start and the same at the next', async () => {
    const key = await loadRootKey(dataDir, NONE);
    expect(key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(key.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(await loadRootKey(dataDir, NONE)).toEqual(key);
  });

  it('is written for AWS tools, readable by its owner alone, with nothing left beside it', async () => {
    const key = await loadRootKey(dataDir, NONE);
    const lines = `aws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`;
    expect(await readFile(toCredentialsPath(dataDir), 'utf8')).toBe(`[default]\n${lines}\n[isola]\n${lines}`);
    expect((await stat(toCredentialsPath(dataDir))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['credentials']);
  });

  it('is the configured one when there is one', async () => {
    await loadRootKey(dataDir, NONE);
    const key = await loadRootKey(dataDir, { rootAccessKeyId: 'me', rootSecretAccessKey: 'mine' });
    expect(key).toEqual({ accessKeyId: 'me', secretAccessKey: 'mine' });
    expect(await loadRootKey(dataDir, NONE)).toEqual(key);
  });

  it('is not replaced when the file cannot be understood', async () => {
    await writeFile(toCredentialsPath(dataDir), 'scribble');
    await expect(loadRootKey(dataDir, NONE)).rejects.toThrow(/holds no access key/);
    expect(await readFile(toCredentialsPath(dataDir), 'utf8')).toBe('scribble');
  });
});
