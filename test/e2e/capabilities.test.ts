import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LambdaClient, PutFunctionRecursionConfigCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, createFunction, invokeFunction, startTestIsola, type TestIsola } from '../support/isola.ts';
import { createRole } from '../support/role.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

/** What the fixture "caller" answers: the head of the answer, and its bytes. */
interface Answered {
  readonly head: Readonly<Record<string, unknown>>;
  readonly text: string;
}

describe('what functions may ask of the host', () => {
  let isola: TestIsola;
  let elsewhere: LambdaClient;
  let server: Server;
  let port: number;
  let silent = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/silent') silent++;
      else response.end(`hello ${request.headers['x-name']}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    const fetched = `arn:isola:fetch:::127.0.0.1:${port}`;
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_WAITING: '24' });
    const Role = await createRole(isola.running, 'able', [
      { Effect: 'Allow', Action: 'isola:Kv*', Resource: 'arn:isola:kv:*:000000000000:granted/*' },
      { Effect: 'Allow', Action: ['isola:Fetch', 'isola:FetchPrivate'], Resource: fetched },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-east-1:000000000000:*' },
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:us-east-1:000000000000:function:*',
      },
    ]);
    elsewhere = createClient(isola.url, isola.running.credentialsFile, 'eu-west-1');
    const settings = { Role, Timeout: 30 };
    await Promise.all([
      isola.create('granted', guest('caller'), settings),
      isola.create('circling', guest('caller'), settings),
      isola.create('hasty', guest('caller'), { Role, Timeout: 1 }),
      isola.create('plain', guest('caller'), { Timeout: 30 }),
      isola.create('echo', guest('echo')),
      isola.create('failing', guest('trap')),
      createFunction(elsewhere, 'granted', guest('caller'), settings),
      createFunction(elsewhere, 'echo', guest('echo')),
    ]);
  });
  afterAll(async () => {
    elsewhere.destroy();
    await isola.stop();
    server.closeAllConnections();
    server.close();
  });

  const call = async (name: string, head: unknown, client: LambdaClient = isola.client): Promise<Answered> => {
    const { error, payload } = await invokeFunction(client, name, head);
    expect(error, JSON.stringify(payload)).toBeUndefined();
    const raw = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const end = raw.indexOf('\n');
    return { head: JSON.parse(end < 0 ? raw : raw.slice(0, end)), text: end < 0 ? '' : raw.slice(end + 1) };
  };
  const errorOf = (type: string) => ({ error: { type } });

  it('is nothing without a grant: each asks in vain, and is told so by a value', async () => {
    for (const head of [
      ...[{ op: 'kv.get', key: 'k' }, { op: 'kv.put', key: 'k' }, { op: 'kv.delete', key: 'k' }, { op: 'kv.list' }],
      ...[
        { op: 'kv.get', key: 'k', namespace: 'granted' },
        { op: 'invoke', function: 'echo' },
      ],
      ...[
        { op: 'invoke', function: 'echo', type: 'Event' },
        { op: 'queue.send', queue: 'orders' },
        { op: 'invoke', function: 'absent' },
      ],
      ...[
        { op: 'fetch', method: 'POST', url: `http://127.0.0.1:${port}/` },
        { op: 'fetch', method: 'POST', url: 'http://169.254.169.254/' },
      ],
    ]) {
      expect((await call('plain', head)).head, JSON.stringify(head)).toMatchObject(errorOf('AccessDenied'));
    }
  });

  it('keeps values, which other regions do not see', async () => {
    const put = { op: 'kv.put', key: 'k' };
    expect((await call('granted', put)).head).toMatchObject({ done: true });
    expect((await call('granted', { op: 'kv.get', key: 'k' })).text).toBe(JSON.stringify(put));
    expect((await call('granted', { op: 'kv.get', key: 'k' }, elsewhere)).head).toEqual({ version: 0 });
    expect((await call('granted', { op: 'kv.list' }, elsewhere)).head).toEqual({ keys: [] });
    expect((await call('granted', { op: 'kv.get', key: 'k', namespace: 'plain' })).head).toMatchObject(
      errorOf('AccessDenied'),
    );
  });

  it('fetches from the host that is granted, and from no other', async () => {
    const headers = [['x-name', 'Isola']];
    const { head, text } = await call('granted', {
      op: 'fetch',
      url: `http://127.0.0.1:${port}/`,
      method: 'POST',
      headers,
    });
    expect(head).toMatchObject({ status: 200 });
    expect(text).toBe('hello Isola');
    for (const url of [`http://localhost:${port}/`, 'http://127.0.0.1/', `http://[::1]:${port}/`, isola.url]) {
      expect((await call('granted', { op: 'fetch', url, method: 'POST' })).head).toMatchObject(errorOf('AccessDenied'));
    }
  });

  it('ends in time while a server says nothing, and the thread goes on', async () => {
    const url = `http://127.0.0.1:${port}/silent`;
    const began = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => invokeFunction(isola.client, 'hasty', { op: 'fetch', url, method: 'POST' })),
    );
    expect(performance.now() - began).toBeLessThan(60_000);
    for (const { error, payload } of answers) {
      expect(error).toBe('Unhandled');
      expect(payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
    }
    expect(silent).toBeGreaterThan(0);
    expect((await isola.invoke('echo', 1)).payload).toBe(1);
  });

  it('invokes functions of its region, and reads their failures', async () => {
    const event = { op: 'invoke', function: 'echo' };
    expect(JSON.parse((await call('granted', event)).text)).toEqual(event);
    expect((await call('granted', { op: 'invoke', function: 'absent' })).head).toMatchObject(
      errorOf('ResourceNotFoundException'),
    );
    const failed = await call('granted', { op: 'invoke', function: 'failing' });
    expect(failed.head).toMatchObject({ status: 200, functionError: 'Unhandled' });
    expect(JSON.parse(failed.text)).toMatchObject({ errorType: 'Runtime.ExitError' });
    const foreign = 'arn:aws:lambda:eu-west-1:000000000000:function:echo';
    expect((await call('granted', { op: 'invoke', function: foreign })).head).toMatchObject(
      errorOf('ResourceNotFoundException'),
    );
    expect((await call('granted', event, elsewhere)).head).toMatchObject(errorOf('AccessDenied'));
  });

  it('ends what invokes itself after sixteen turns', async () => {
    const { text } = await call('granted', { op: 'invoke', function: 'granted' });
    expect(text.split('\n')).toHaveLength(16);
    expect(text).toContain('RecursiveInvocationException');
  });

  it('goes on in circles where that is allowed, as far as threads go', async () => {
    const config = { FunctionName: 'circling', RecursiveLoop: 'Allow' as const };
    await isola.client.send(new PutFunctionRecursionConfigCommand(config));
    const { text } = await call('circling', { op: 'invoke', function: 'circling' });
    expect(text).toContain('TooManyWaiting');
    expect(text.split('\n').length).toBeGreaterThan(16);
  });

  it('is never stuck when more wait for each other than there are threads', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => call('granted', { op: 'invoke', function: 'granted' })),
    );
    for (const { head, text } of answers) {
      expect(`${JSON.stringify(head)}\n${text}`).toMatch(/RecursiveInvocationException|TooManyWaiting|TooManyRequests/);
    }
    expect((await isola.invoke('echo', 1)).payload).toBe(1);
  });

  it('hands events over to functions that there are', async () => {
    const { head } = await call('granted', { op: 'invoke', function: 'echo', type: 'Event' });
    expect(head).toMatchObject({ status: 202 });
    expect((await call('granted', { op: 'invoke', function: 'absent', type: 'Event' })).head).toMatchObject(
      errorOf('ResourceNotFoundException'),
    );
  });

  it('sends to queues, unless the queue forbids it', async () => {
    const sqs = createSqsClient(isola.running);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
    const head = { op: 'queue.send', queue: 'orders' };
    const sent = await call('granted', head);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(Messages).toMatchObject([{ MessageId: sent.head.messageId, Body: JSON.stringify(head) }]);
    expect((await call('granted', { ...head, queue: 'absent' })).head).toMatchObject(errorOf('QueueDoesNotExist'));
    expect((await call('granted', head, elsewhere)).head).toMatchObject(errorOf('AccessDenied'));
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    expect((await call('granted', head)).head).toMatchObject(errorOf('AccessDenied'));
    sqs.destroy();
  });

  it('gives secrets to invocations, and none to the image', async () => {
    await isola.create('early', guest('early-env'), { Environment: { Variables: { SECRET: 'x' } } });
    expect((await isola.invoke('early')).payload).toBe('01');
  });
});
