import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpServer, Listening } from '../../runtime/gateway/server.ts';
import { createTestGateway, INVOKE_HELLO, KEY, type Setup, succeeded, type TestGateway } from './fixture.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

async function start(setup: Setup = {}): Promise<TestGateway & Listening> {
  const test = createTestGateway(setup);
  open.push(test.gateway);
  return { ...test, ...(await test.gateway.listen('127.0.0.1', 0)) };
}

/** Sends bytes as they are and answers everything that comes until the server closes. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

function requestBytes(body: string, headers: readonly string[]): string {
  return [`POST ${INVOKE_HELLO} HTTP/1.1`, 'host: localhost', ...headers, '', body].join('\r\n');
}

/** A promise that someone else settles. */
function createGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const statusOf = (answer: string): number => Number(answer.split(' ')[1]);

describe('over HTTP', () => {
  it('the SDK invokes with its own signature and reads the log', async () => {
    const { url } = await start({ auth: 'on', outcome: succeeded('{"b":2}', 'line\n') });
    const client = new LambdaClient({ endpoint: url, region: 'us-east-1', credentials: KEY, maxAttempts: 1 });
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'hello', Qualifier: '3', LogType: 'Tail', Payload: Buffer.from('{"a":1}') }),
    );
    expect(answer.StatusCode).toBe(200);
    expect(answer.ExecutedVersion).toBe('3');
    expect(answer.Payload?.transformToString()).toBe('{"b":2}');
    expect(Buffer.from(answer.LogResult!, 'base64').toString()).toContain('\nline\nEND RequestId: ');
    client.destroy();
  });

  it("the SDK's wrong secret becomes an InvalidSignatureException", async () => {
    const { url, invocations } = await start({ auth: 'on' });
    const credentials = { ...KEY, secretAccessKey: 'wrong' };
    const client = new LambdaClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
    await expect(client.send(new InvokeCommand({ FunctionName: 'hello' }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    });
    expect(invocations).toEqual([]);
    client.destroy();
  });

  it('the SDK understands a throttle', async () => {
    const { url } = await start({
      outcome: { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 },
    });
    const client = new LambdaClient({ endpoint: url, region: 'us-east-1', credentials: KEY, maxAttempts: 1 });
    await expect(client.send(new InvokeCommand({ FunctionName: 'hello' }))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ConcurrentInvocationLimitExceeded',
      retryAfterSeconds: '1',
    });
    client.destroy();
  });

  it('several requests share a connection', async () => {
    const { port } = await start();
    const one = requestBytes('{"a":1}', ['content-length: 7']);
    const last = requestBytes('{"b":2}', ['content-length: 7', 'connection: close']);
    const answer = await exchange(port, one + last);
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(answer.indexOf('{"a":1}')).toBeLessThan(answer.indexOf('{"b":2}'));
  });

  it('a connection stays open after a request without a body', async () => {
    const { port } = await start();
    const bytes = (connection: string): string =>
      `GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: ${connection}\r\n\r\n`;
    const answer = await exchange(port, bytes('keep-alive') + bytes('close'));
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  it('a declared length over the limit is refused before the body is read', async () => {
    const { port } = await start();
    const answer = await exchange(port, requestBytes('', ['content-length: 6291457']));
    expect(statusOf(answer)).toBe(413);
    expect(answer).toContain('Request must be smaller than 6291456 bytes for the InvokeFunction operation');
  });

  it('a body without a length is refused as soon as it passes the limit', async () => {
    const { port, invocations } = await start();
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(requestBytes('', ['transfer-encoding: chunked']));
    for (let sent = 0; sent < 7; sent += 1) socket.write(chunk);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(statusOf(first.toString())).toBe(413);
    socket.destroy();
    expect(invocations).toEqual([]);
  });

  it('a client may finish sending what was too large already, and reads why', async () => {
    const { port } = await start();
    const bytes = 12_000_000;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const errors: Error[] = [];
    socket.on('error', (error) => errors.push(error));
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.write(requestBytes('', [`content-length: ${bytes}`]));
    await once(socket, 'data');
    for (let sent = 0; sent < bytes; sent += 1_000_000) {
      await new Promise((resolve) => socket.write(Buffer.alloc(1_000_000, 'x'), resolve));
    }
    socket.end();
    await once(socket, 'close');
    expect(errors).toEqual([]);
    expect(statusOf(Buffer.concat(received).toString())).toBe(413);
  });

  it('a body of exactly the limit is taken', async () => {
    const { url } = await start({ outcome: succeeded('1') });
    const body = `"${'x'.repeat(6_291_454)}"`;
    expect((await fetch(url + INVOKE_HELLO, { method: 'POST', body })).status).toBe(200);
  });

  it('a body that does not come in time is answered 408', async () => {
    const { port } = await start({ bodyTimeoutMs: 30 });
    const answer = await exchange(port, requestBytes('{"a"', ['content-length: 100']));
    expect(statusOf(answer)).toBe(408);
    expect(answer).toContain('x-amzn-errortype: RequestTimeoutException');
  });

  it('a body that ends before its length never reaches the function', async () => {
    const { port, invocations } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.end(requestBytes('{}', ['content-length: 100']));
    await text(socket);
    expect(invocations).toEqual([]);
  });

  it.each([
    ['two lengths', ['content-length: 2', 'content-length: 3']],
    ['a length and chunks', ['content-length: 2', 'transfer-encoding: chunked']],
    ['a negative length', ['content-length: -1']],
  ])('%s are refused as JSON', async (_what, headers) => {
    const { port, invocations } = await start();
    const answer = await exchange(port, requestBytes('{}', headers));
    expect(statusOf(answer)).toBe(400);
    expect(answer).toMatch(/\r\n\r\n\{"message":"The request is not valid HTTP\."\}$/);
    expect(invocations).toEqual([]);
  });

  it.each([
    ['a Host that is none', `GET /healthz HTTP/1.1\r\nhost: a b/c\r\nconnection: close\r\n\r\n`, 400],
    ['headers above 16 KiB', `GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(17_000)}\r\n\r\n`, 431],
    ['no HTTP at all', 'hello\r\n\r\n', 400],
  ])('%s is answered', async (_what, bytes, status) => {
    const { port } = await start();
    expect(statusOf(await exchange(port, bytes))).toBe(status);
  });

  it.each([
    ['HTTP/1.1 without a Host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['a target that is no path', 'OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
    ['no HTTP at all', 'hello\r\n\r\n'],
  ])('%s is answered in JSON, with the type of the error', async (_what, bytes) => {
    const { port } = await start();
    const answer = await exchange(port, bytes);
    expect(answer).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*x-amzn-errortype: ValidationException\r\n[\s\S]*\{"message":".+"\}$/,
    );
  });

  it('an expectation that nobody knows is passed over', async () => {
    const { port } = await start();
    expect(
      statusOf(await exchange(port, requestBytes('{}', ['content-length: 2', 'expect: wonders', 'connection: close']))),
    ).toBe(200);
  });

  it('a target in absolute form means its path', async () => {
    const { port } = await start();
    const answer = await exchange(
      port,
      'GET http://localhost/healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
    );
    expect(statusOf(answer)).toBe(200);
  });

  it("a function URL's HEAD has the length and no body", async () => {
    const { url } = await start({ outcome: succeeded('"hello"') });
    const response = await fetch(`${url}/url/hello/`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '5', '']);
  });

  it("a function's 204 with a body does not disturb the next answer", async () => {
    const { port } = await start({ outcome: succeeded('{"statusCode":204,"body":"HTTP/1.1 200 forged"}') });
    const bytes = (connection: string): string =>
      `GET /url/hello HTTP/1.1\r\nhost: a\r\nconnection: ${connection}\r\n\r\n`;
    const answer = await exchange(port, bytes('keep-alive') + bytes('close'));
    expect(answer.match(/HTTP\/1\.1 204/g)).toHaveLength(2);
    expect(answer).not.toContain('forged');
  });
});

describe('closing', () => {
  it('finishes what is in flight, refuses what is new, and ends idle connections', async () => {
    const reached = createGate();
    const held = createGate();
    const { gateway, port } = await start({
      invoke: async () => {
        reached.resolve();
        await held.promise;
        return succeeded('"late"');
      },
    });
    const idle: Socket = connect(port, '127.0.0.1');
    idle.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(idle, 'data');
    const busy = exchange(port, requestBytes('{}', ['content-length: 2']));
    await reached.promise;
    const closed = gateway.close();
    await once(idle, 'close');
    const refused = connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    held.resolve();
    expect(await busy).toMatch(/HTTP\/1\.1 200[\s\S]*"late"$/);
    await closed;
  });
});
