import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { query, readKey } from '../support/query-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { guest } from '../support/wat.ts';

const SECRETS = ['first-secret-8d1f', 'second-secret-77ab'] as const;

let dataDir: string;
let servers: ServerProcess[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'isola-at-rest-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.kill();
  rmSync(dataDir, { recursive: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const server = await startServer({ ISOLA_DATA_DIR: dataDir, ISOLA_LOG: 'json', ...env });
  servers.push(server);
  return server;
}

/** Every file that holds a secret, as it is or in base64. One that gets its name meanwhile is looked for again. */
function filesWithSecrets(): string[] {
  for (;;) {
    try {
      return filesOf(dataDir).filter((file) => holdsSecret(readFileSync(file)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function filesOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return names.filter((name) => statSync(name).isFile());
}

function holdsSecret(bytes: Buffer): boolean {
  return SECRETS.some((secret) => {
    const encoded = [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + secret)
        .toString('base64')
        .slice(4, -4),
    );
    return [secret, ...encoded].some((form) => bytes.includes(form));
  });
}

describe('a secret', () => {
  it('in the environment of a function is in no file while the server serves, is killed and stops, and nowhere in its output', async () => {
    const [first, second] = SECRETS;
    const secret = (value: string) => ({ Variables: { STEP: JSON.stringify(value), SECRET: value } });
    const server = await start();
    const client = createClient(server.url, server.credentialsFile);
    await createFunction(client, 'early', guest('early-env'), { Environment: secret(first) });
    await createFunction(client, 'f', guest('environment'), { Environment: secret(first) });
    expect((await invokeFunction(client, 'f')).payload).toBe(first);
    await invokeFunction(client, 'early');
    await client.send(new PublishVersionCommand({ FunctionName: 'f' }));
    expect(filesWithSecrets()).toEqual([]);
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Environment: secret(second) }));
    expect((await invokeFunction(client, 'f')).payload).toBe(second);
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: guest('echo') }));
    await client.send(new PublishVersionCommand({ FunctionName: 'f' }));
    expect(filesWithSecrets()).toEqual([]);
    await server.kill();
    client.destroy();
    expect(filesWithSecrets()).toEqual([]);

    const restarted = await start();
    const again = createClient(restarted.url, restarted.credentialsFile);
    const read = async (Qualifier: string) => {
      const answer = await again.send(new GetFunctionConfigurationCommand({ FunctionName: 'f', Qualifier }));
      return answer.Environment?.Variables?.SECRET;
    };
    expect([await read('1'), await read('2'), await read('$LATEST')]).toEqual([first, second, second]);
    await restarted.stop();
    again.destroy();
    expect(filesWithSecrets()).toEqual([]);
    expect(server.output()).toContain('platform.report');
    expect(holdsSecret(Buffer.from(server.output() + restarted.output()))).toBe(false);
  });

  it('of a user is in no file either, and still signs after a restart', async () => {
    const server = await start();
    const root = readKey(server.credentialsFile);
    await query(server.url, root, 'iam', 'CreateUser', { UserName: 'ann' });
    const made = await query(server.url, root, 'iam', 'CreateAccessKey', { UserName: 'ann' });
    const secretAccessKey = made.text('SecretAccessKey') ?? '';
    const key = { accessKeyId: made.text('AccessKeyId') ?? '', secretAccessKey };
    expect(secretAccessKey).toMatch(/^\S{40}$/);
    const holding = () => filesOf(dataDir).filter((file) => readFileSync(file).includes(secretAccessKey));
    expect(holding()).toEqual([]);
    await server.kill();
    expect(holding()).toEqual([]);
    const { url } = await start();
    const self = await query(url, key, 'sts', 'GetCallerIdentity');
    expect(self.text('Arn')).toBe('arn:aws:iam::000000000000:user/ann');
  });

  it('keeps a server without its key from starting, with a way out and nothing lost', async () => {
    const key = '11'.repeat(32);
    const first = await start({ ISOLA_KEY: key });
    const client = createClient(first.url, first.credentialsFile);
    await createFunction(client, 'f', guest('environment'), { Environment: { Variables: { STEP: '1' } } });
    await first.stop();
    client.destroy();
    await expect(start()).rejects.toThrow(/^isola: The secrets .* set ISOLA_KEY to what it was\.\n$/m);
    await expect(start({ ISOLA_KEY: '22'.repeat(32) })).rejects.toThrow(/another key than ISOLA_KEY/);
    await expect(start({ ISOLA_KEY: 'short-key' })).rejects.not.toThrow(/short-key/);
    const rotated = await start({ ISOLA_KEY: '22'.repeat(32), ISOLA_PREVIOUS_KEY: key });
    const again = createClient(rotated.url, rotated.credentialsFile);
    expect((await invokeFunction(again, 'f')).payload).toBe(1);
    again.destroy();
  });
});
