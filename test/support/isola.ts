import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { type Running, startIsola } from '../../runtime/main.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/isola';

/** What an invocation answered, decoded. */
export interface Answer {
  readonly status: number;
  readonly error: string | undefined;
  /** JSON where it is JSON, the text otherwise. */
  readonly payload: unknown;
  readonly log: string;
}

/** A process-wide Isola on a port and a data directory of its own, with a client that holds its generated key. */
export interface TestIsola {
  readonly running: Running;
  readonly url: string;
  readonly dataDir: string;
  readonly client: LambdaClient;
  create(name: string, code: Uint8Array, settings?: Partial<CreateFunctionCommandInput>): Promise<void>;
  /** Gives a function, or its alias, a URL that anyone may call, and answers it. */
  openUrl(name: string, alias?: string): Promise<string>;
  invoke(name: string, event?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

export async function startTestIsola(env: Readonly<Record<string, string>> = {}): Promise<TestIsola> {
  const dataDir = env.ISOLA_DATA_DIR ?? mkdtempSync(join(tmpdir(), 'isola-test-'));
  const running = await startIsola({ ISOLA_PORT: '0', ISOLA_LOG: 'off', ISOLA_DATA_DIR: dataDir, ...env });
  const client = createClient(running.url, running.credentialsFile);
  return {
    running,
    url: running.url,
    dataDir,
    client,
    create: (name, code, settings) => createFunction(client, name, code, settings),
    openUrl: (name, alias) => openUrl(client, name, alias),
    invoke: (name, event) => invokeFunction(client, name, event),
    async stop() {
      client.destroy();
      await running.stop();
      if (env.ISOLA_DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function createClient(endpoint: string, credentialsFile: string, region: string = 'us-east-1'): LambdaClient {
  const text = readFileSync(credentialsFile, 'utf8');
  const read = (name: string) => new RegExp(`${name}\\s*=\\s*(\\S+)`).exec(text)?.[1] ?? '';
  return new LambdaClient({
    endpoint,
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: read('aws_access_key_id'), secretAccessKey: read('aws_secret_access_key') },
  });
}

export async function createFunction(
  client: LambdaClient,
  name: string,
  code: Uint8Array,
  settings: Partial<CreateFunctionCommandInput> = {},
): Promise<void> {
  await client.send(
    new CreateFunctionCommand({
      ...{ FunctionName: name, Runtime: 'provided.al2023', Role: ROLE, Handler: 'index.handler' },
      Code: { ZipFile: code },
      ...settings,
    }),
  );
}

export async function openUrl(client: LambdaClient, FunctionName: string, alias?: string): Promise<string> {
  const target = { FunctionName, ...(alias === undefined ? {} : { Qualifier: alias }) };
  const { FunctionUrl } = await client.send(new CreateFunctionUrlConfigCommand({ ...target, AuthType: 'NONE' }));
  await client.send(
    new AddPermissionCommand({
      ...target,
      ...{ StatementId: 'anyone', Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
    }),
  );
  return FunctionUrl ?? '';
}

export async function invokeFunction(client: LambdaClient, name: string, event: unknown = {}): Promise<Answer> {
  const answer = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)), LogType: 'Tail' }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  return {
    status: answer.StatusCode ?? 0,
    error: answer.FunctionError,
    payload: parseOrText(text),
    log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
  };
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
