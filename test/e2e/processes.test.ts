import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  type LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFunction, invokeFunction } from '../support/isola.ts';
import { createLogsClient } from '../support/logs-client.ts';
import { startTestProcesses, type TestProcesses } from '../support/processes.ts';
import { query, readKey } from '../support/query-client.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';

const READERS = 4;

describe('several processes on one port', () => {
  let isola: TestProcesses;
  let writer: LambdaClient;
  /** Clients with a connection each, so that both processes have some of them. */
  let readers: LambdaClient[];
  beforeAll(async () => {
    isola = await startTestProcesses({ ISOLA_CONCURRENCY: '110' });
    writer = isola.client();
    readers = Array.from({ length: READERS }, () => isola.client());
  });
  afterAll(() => isola.stop());

  const invokeAll = (name: string, event: unknown = {}) =>
    Promise.all(readers.map((reader) => invokeFunction(reader, name, event)));
  const metric = async (name: string) =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`${isola.server.url}/metrics`)).text())?.[1]);

  it('are a keeper and a front', () => {
    expect([isola.pids('keeper').length, isola.pids('front').length]).toEqual([1, 1]);
  });

  it('read what was written through any of them', async () => {
    for (let round = 0; round < 10; round++) {
      const name = `f${round}`;
      await createFunction(writer, name, guest('echo'));
      for (const { payload } of await invokeAll(name, { round })) expect(payload).toEqual({ round });
      await writer.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: guest('counter') }));
      for (const { payload } of await invokeAll(name)) expect(payload).toBe(1);
      await writer.send(new DeleteFunctionCommand({ FunctionName: name }));
      const gone = await Promise.allSettled(readers.map((reader) => invokeFunction(reader, name)));
      for (const each of gone) expect(each).toMatchObject({ reason: { name: 'ResourceNotFoundException' } });
    }
  });

  it('keep what functions log in one place', async () => {
    await createFunction(writer, 'heard', guest('logging'));
    const events = Array.from({ length: 8 }, (_, turn) => turn);
    for (const turn of events) await invokeFunction(readers[turn % READERS] as LambdaClient, 'heard', { turn });
    const { url, credentialsFile } = isola.server;
    const logs = createLogsClient({ url, running: { credentialsFile } });
    const logGroupName = '/aws/lambda/heard';
    await expect
      .poll(async () => {
        const found = await logs
          .send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'turn' }))
          .catch(() => ({}));
        return ('events' in found ? (found.events ?? []) : []).map(({ message }) => message).sort();
      })
      .toEqual(events.map((turn) => `INFO\t{"turn":${turn}}\n`));
    logs.destroy();
  });

  it('follow an alias from version to version', async () => {
    await createFunction(writer, 'moving', guest('echo'));
    await writer.send(new PublishVersionCommand({ FunctionName: 'moving' }));
    await writer.send(new UpdateFunctionCodeCommand({ FunctionName: 'moving', ZipFile: guest('counter') }));
    await writer.send(new PublishVersionCommand({ FunctionName: 'moving' }));
    await writer.send(new CreateAliasCommand({ FunctionName: 'moving', Name: 'live', FunctionVersion: '1' }));
    for (const version of ['2', '1', '2', '1']) {
      const alias = { FunctionName: 'moving', Name: 'live', FunctionVersion: version };
      await writer.send(new UpdateAliasCommand(alias));
      const invoke = { FunctionName: 'moving', Qualifier: 'live', Payload: Buffer.from('"same"') };
      const answers = await Promise.all(readers.map((reader) => reader.send(new InvokeCommand(invoke))));
      expect(answers.map(({ ExecutedVersion }) => ExecutedVersion)).toEqual(readers.map(() => version));
    }
  });

  it('open a function URL, and close it', async () => {
    await createFunction(writer, 'open', guest('echo'));
    await writer.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'open', AuthType: 'NONE' }));
    const visit = async () => {
      const answer = await fetch(`${isola.server.url}/url/open/path?a=1`, { headers: { connection: 'close' } });
      const event = answer.status === 200 ? ((await answer.json()) as Record<string, unknown>) : {};
      return [answer.status, event.rawPath, (event.requestContext as { http: { sourceIp: string } })?.http.sourceIp];
    };
    const visits = () => Promise.all([visit(), visit(), visit(), visit()]);
    const permission = { FunctionName: 'open', StatementId: 'anyone' };
    const anyone = { Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' } as const;
    for (let round = 0; round < 2; round++) {
      for (const each of await visits()) expect(each[0]).toBe(403);
      await writer.send(new AddPermissionCommand({ ...permission, ...anyone }));
      for (const each of await visits()) expect(each).toEqual([200, '/path', '127.0.0.1']);
      await writer.send(new RemovePermissionCommand(permission));
    }
  });

  it('let users do what their policies allow, from the next request on', async () => {
    await createFunction(writer, 'theirs', guest('echo'));
    const key = readKey(isola.server.credentialsFile);
    const iam = (action: string, parameters: Record<string, string>) =>
      query(isola.server.url, key, 'iam', action, { UserName: 'ann', ...parameters });
    await iam('CreateUser', {});
    const created = await iam('CreateAccessKey', {});
    const credentials = {
      accessKeyId: created.text('AccessKeyId') ?? '',
      secretAccessKey: created.text('SecretAccessKey') ?? '',
    };
    const ann = Array.from({ length: READERS }, () => {
      const client = isola.client();
      client.config.credentials = async () => credentials;
      return client;
    });
    const tries = async () =>
      (await Promise.allSettled(ann.map((client) => invokeFunction(client, 'theirs', 1)))).map(({ status }) => status);
    expect(await tries()).toEqual(ann.map(() => 'rejected'));
    const Statement = [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam('PutUserPolicy', { PolicyName: 'may', PolicyDocument });
    expect(await tries()).toEqual(ann.map(() => 'fulfilled'));
    await iam('DeleteUserPolicy', { PolicyName: 'may' });
    expect(await tries()).toEqual(ann.map(() => 'rejected'));
  });

  it('keep values and queue events in one place', async () => {
    const statement = { Effect: 'Allow', Action: ['isola:Kv*', 'lambda:InvokeFunction'], Resource: '*' };
    const Role = await createRole(isola.server, 'caller', [statement]);
    await createFunction(writer, 'caller', guest('caller'), { Role });
    await createFunction(writer, 'called', guest('echo'));
    const put = readers.map((reader, index) =>
      invokeFunction(reader, 'caller', { op: 'kv.put', key: `key-${index}`, value: index }),
    );
    for (const { payload } of await Promise.all(put)) expect(payload).toMatchObject({ done: true });
    for (const { payload } of await invokeAll('caller', { op: 'kv.list' })) {
      expect((payload as { keys: readonly unknown[] }).keys).toHaveLength(READERS);
    }
    const event = { InvocationType: 'Event', FunctionName: 'called' } as const;
    for (const reader of readers) expect((await reader.send(new InvokeCommand(event))).StatusCode).toBe(202);
    const ended = 'isola_async_events_total\\{function_name="called",ending="Success"\\}';
    await expect.poll(() => metric(ended)).toBe(READERS);
  });

  it('hold what is reserved over all of them, and what is left to share', async () => {
    await createFunction(writer, 'few', guest('sleeper'), { Timeout: 5 });
    const reserve = { FunctionName: 'few', ReservedConcurrentExecutions: 2 };
    await writer.send(new PutFunctionConcurrencyCommand(reserve));
    const settled = await Promise.allSettled([...readers, writer].map((client) => invokeFunction(client, 'few')));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const each of settled) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ name: 'TooManyRequestsException' });
    }
    await writer.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'few' }));
    await createFunction(writer, 'free', guest('counter'));
    expect((await invokeAll('free')).map(({ payload }) => payload)).toEqual(readers.map(() => 1));
  });

  it('add up what each has counted', async () => {
    await createFunction(writer, 'counted', guest('counter'));
    for (let round = 0; round < 3; round++) await invokeAll('counted');
    const counts = await Promise.all(readers.map(() => metric('isola_invocations_total\\{function_name="counted"\\}')));
    expect(counts).toEqual(readers.map(() => 3 * READERS));
  });

  it('are ready, each of them', async () => {
    const statuses = await Promise.all(
      readers.map(async () => (await fetch(`${isola.server.url}/readyz`, { headers: { connection: 'close' } })).status),
    );
    expect(statuses).toEqual(readers.map(() => 200));
  });
});
