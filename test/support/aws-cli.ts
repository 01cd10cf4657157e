import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestIsola } from './isola.ts';

/** Where Debian's package puts it. Continuous integration installs it and sets CI, so that it cannot be missed there. */
const AWS = '/usr/bin/aws';

export const canRunAws: boolean = existsSync(AWS) || process.env.CI !== undefined;

/** The real AWS CLI, in a folder of its own, with the root key of an Isola. */
export interface AwsCli {
  /** Types what follows `aws` to a shell in the folder; its standard output as JSON, or {}. Rejects as it fails. */
  type(words: string): Promise<Record<string, unknown>>;
  /** The same to be run by `execFile` or `spawn`. */
  command(words: string): [string, string[], { readonly env: NodeJS.ProcessEnv; readonly cwd: string }];
  write(name: string, content: Uint8Array): void;
  read(name: string): string;
  close(): void;
}

export function createAwsCli(isola: TestIsola): AwsCli {
  const folder = mkdtempSync(join(tmpdir(), 'isola-cli-'));
  const env = {
    ...{ PATH: process.env.PATH, HOME: folder, AWS_SHARED_CREDENTIALS_FILE: isola.running.credentialsFile },
    ...{ AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', AWS_PAGER: '', AWS_MAX_ATTEMPTS: '1' },
    PYTHONUNBUFFERED: '1',
  };
  const command: AwsCli['command'] = (words) => {
    const line = `exec ${AWS} --endpoint-url ${isola.url} --no-cli-pager ${words}`;
    return ['/bin/sh', ['-c', line], { env, cwd: folder }];
  };
  return {
    command,
    type: async (words) => {
      const { stdout } = await promisify(execFile)(...command(words));
      return stdout.trim().startsWith('{') ? JSON.parse(stdout) : {};
    },
    write: (name, content) => writeFileSync(join(folder, name), content),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
