import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLE, startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

/** Where Debian's package puts it. Continuous integration installs it and sets CI, so that it cannot be missed there. */
const AWS = '/usr/bin/aws';
const canRun = existsSync(AWS) || process.env.CI !== undefined;

describe.skipIf(!canRun)("the AWS CLI (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  const folder = mkdtempSync(join(tmpdir(), 'isola-cli-'));
  const file = (name: string) => join(folder, name);

  async function aws(...words: string[]): Promise<{ json: Record<string, unknown>; text: string }> {
    const env = {
      ...{ PATH: process.env.PATH, HOME: folder, AWS_SHARED_CREDENTIALS_FILE: isola.running.credentialsFile },
      ...{ AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', AWS_PAGER: '', AWS_MAX_ATTEMPTS: '1' },
    };
    const words2 = ['--endpoint-url', isola.url, '--no-cli-pager', 'lambda', ...words];
    const { stdout } = await promisify(execFile)(AWS, words2, { env });
    return { text: stdout, json: stdout.trim().startsWith('{') ? JSON.parse(stdout) : {} };
  }

  beforeAll(async () => {
    isola = await startTestIsola();
    writeFileSync(file('echo.zip'), await zip({ 'index.wasm': guest('echo') }));
    writeFileSync(file('counter.zip'), await zip({ bootstrap: guest('counter') }));
  });
  afterAll(async () => {
    await isola.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('creates, waits for, invokes, updates, lists and deletes a function', async () => {
    const name = ['--function-name', 'by-cli'];
    const created = await aws(
      ...['create-function', ...name, '--runtime', 'provided.wasm', '--handler', 'index.handler'],
      ...['--role', ROLE, '--zip-file', `fileb://${file('echo.zip')}`],
    );
    expect(created.json).toMatchObject({ FunctionName: 'by-cli', State: 'Pending', MemorySize: 128, Timeout: 3 });
    await aws('wait', 'function-active-v2', ...name);

    const raw = ['--cli-binary-format', 'raw-in-base64-out'];
    const invoke = ['invoke', ...name, ...raw, '--payload', '{"a":1}', '--log-type', 'Tail', file('out.json')];
    const invoked = await aws(...invoke);
    expect(invoked.json).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(JSON.parse(readFileSync(file('out.json'), 'utf8'))).toEqual({ a: 1 });
    const log = Buffer.from(String(invoked.json.LogResult), 'base64').toString();
    expect(log).toMatch(/REPORT RequestId: .*\tDuration: .* ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB/);

    await aws('update-function-code', ...name, '--zip-file', `fileb://${file('counter.zip')}`);
    await aws('wait', 'function-updated-v2', ...name);
    await aws(...invoke);
    expect(readFileSync(file('out.json'), 'utf8')).toBe('1');

    await aws('update-function-configuration', ...name, '--memory-size', '256', '--timeout', '5');
    await aws('wait', 'function-updated-v2', ...name);
    expect((await aws('get-function', ...name)).json).toMatchObject({ Configuration: { MemorySize: 256, Timeout: 5 } });
    expect((await aws('list-functions')).json).toMatchObject({ Functions: [{ FunctionName: 'by-cli' }] });

    await aws('delete-function', ...name);
    await expect(aws('get-function', ...name)).rejects.toThrow(/ResourceNotFoundException/);
  }, 120_000);
});
