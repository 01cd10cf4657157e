import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UNANSWERED_PER_CONNECTION } from '../../runtime/gateway/connections.ts';
import type { Listening } from '../../runtime/gateway/server.ts';
import { createTestGateway, INVOKE_HELLO, type Setup, succeeded, type TestGateway } from './fixture.ts';

const HEALTH = 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n';
const INVOKE = `POST ${INVOKE_HELLO} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}`;

async function start(setup: Setup = {}): Promise<TestGateway & Listening> {
  const test = createTestGateway(setup);
  onTestFinished(() => test.gateway.close());
  return { ...test, ...(await test.gateway.listen('127.0.0.1', 0)) };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, bytes: string): Promise<string> {
  socket.write(bytes);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

/** An invoker whose invocations wait until they are let go. */
function createHeld(): { readonly setup: Setup; readonly release: () => void; readonly reached: Promise<void> } {
  const let_ = { go: (): void => undefined, reach: (): void => undefined };
  const gone = new Promise<void>((resolve) => {
    let_.go = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    let_.reach = resolve;
  });
  const setup: Setup = {
    async invoke() {
      let_.reach();
      await gone;
      return succeeded('"late"');
    },
  };
  return { setup, release: () => let_.go(), reached };
}

describe('connections', () => {
  it('beyond the bound are answered 429 and closed, and served again when others have gone', async () => {
    const { port } = await start({ connections: 2 });
    const [first, second] = [await open(port), await open(port)];
    for (const socket of [first, second]) expect(await ask(socket, HEALTH)).toMatch(/^HTTP\/1\.1 200/);
    const third = await open(port);
    third.write(INVOKE);
    const answer = await text(third);
    expect(answer).toMatch(/^HTTP\/1\.1 429 /);
    expect(answer).toContain('x-amzn-errortype: TooManyRequestsException\r\n');
    expect(answer).toContain('retry-after: 1\r\n');
    expect(answer).toContain('connection: close\r\n');
    expect(answer).toContain('"Reason":"CallerRateLimitExceeded"');
    const gone = once(first, 'close');
    first.end();
    await gone;
    await expect.poll(async () => ask(await open(port), HEALTH)).toMatch(/^HTTP\/1\.1 200/);
  });

  it('beyond the bound that ask for nothing do not stay', async () => {
    const { port } = await start({ connections: 1 });
    await ask(await open(port), HEALTH);
    await once((await open(port)).resume(), 'close');
  });

  it('far beyond the bound are closed without a word', async () => {
    const { port } = await start({ connections: 1 });
    const sockets = await Promise.all(Array.from({ length: 200 }, () => open(port)));
    const said = await Promise.all(sockets.slice(1).map((socket) => text(socket)));
    expect(said.join('')).toBe('');
    expect(await ask(sockets[0] as Socket, HEALTH)).toMatch(/^HTTP\/1\.1 200/);
  });

  it('are cut when a client asks on and on without waiting for answers', async () => {
    const { setup, release } = createHeld();
    const { port } = await start(setup);
    const socket = await open(port);
    socket.write(INVOKE.repeat(UNANSWERED_PER_CONNECTION + 1));
    expect(await text(socket)).toBe('');
    release();
  });

  it('take as many requests ahead as are bearable', async () => {
    const { port } = await start();
    const socket = await open(port);
    const last = INVOKE.replace('host: a', 'host: a\r\nconnection: close');
    socket.write(INVOKE.repeat(UNANSWERED_PER_CONNECTION - 1) + last);
    expect((await text(socket)).match(/HTTP\/1\.1 200/g)).toHaveLength(UNANSWERED_PER_CONNECTION);
  });
});

describe('heads of requests', () => {
  it('with very many lines are refused, and none of them is left out unsaid', async () => {
    const { port } = await start();
    const socket = await open(port);
    socket.write(`GET /healthz HTTP/1.1\r\nhost: a\r\n${'x: y\r\n'.repeat(128)}\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 [\s\S]*connection: close\r\n/);
  });

  it.each([
    ['that stops in the middle', 'GET /healthz HTTP/1.1\r\nhost:'],
    ['that never begins', ''],
  ])('one %s is answered 408, and its connection closed', async (_what, bytes) => {
    const { port } = await start({ headersTimeoutMs: 100 });
    const socket = await open(port);
    socket.write(bytes);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 [\s\S]*RequestTimeoutException/);
  });

  it.each([
    ['chunks and a length', 'transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n'],
    ['a length and chunks', 'content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two different lengths', 'content-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    ['the same length twice', 'content-length: 2\r\ncontent-length: 2\r\n\r\n{}'],
    ['a list of lengths', 'content-length: 2, 2\r\n\r\n{}'],
    ['a length with a sign', 'content-length: +2\r\n\r\n{}'],
    ['a length in hex', 'content-length: 0x2\r\n\r\n{}'],
    ['a length that is no number', 'content-length: two\r\n\r\n{}'],
    ['a coding beside chunks', 'transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['a coding that nobody knows', 'transfer-encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a folded line', 'x: a\r\n b\r\ncontent-length: 2\r\n\r\n{}'],
    ['a space before the colon', 'content-length : 2\r\n\r\n{}'],
    ['a bare line feed', 'x: a\ncontent-length: 2\r\n\r\n{}'],
    ['a bare carriage return', 'x: a\rcontent-length: 2\r\n\r\n{}'],
    ['a NUL in a value', 'x: a\0b\r\ncontent-length: 2\r\n\r\n{}'],
    ['a chunk whose size is no number', 'transfer-encoding: chunked\r\n\r\n2z\r\n{}\r\n0\r\n\r\n'],
    ['a chunk that is longer than it says', 'transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n'],
    ['a chunk size with a sign', 'transfer-encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n'],
    ['chunks that end in bare line feeds', 'transfer-encoding: chunked\r\n\r\n2\n{}\n0\n\n'],
  ])('with %s are refused with 400, and what follows on the connection is not read', async (_what, rest) => {
    const { port, invocations } = await start();
    const socket = await open(port);
    socket.write(`POST ${INVOKE_HELLO} HTTP/1.1\r\nhost: a\r\n${rest}${INVOKE}`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(invocations).toEqual([]);
  });
});

describe('draining', () => {
  it('answers what is in flight with the end of its connection', async () => {
    const { setup, release, reached } = createHeld();
    const { port, gateway } = await start(setup);
    const busy = await open(port);
    busy.write(INVOKE);
    await reached;
    const closed = gateway.close();
    release();
    expect(await text(busy)).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close\r\n[\s\S]*"late"$/i);
    await closed;
  });

  it('refuses what is asked from then on with 503', async () => {
    const { port, gateway, invocations } = await start();
    const kept = await open(port);
    await ask(kept, HEALTH);
    const closed = gateway.close();
    kept.write(INVOKE);
    const answer = await text(kept);
    expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close\r\n/);
    expect(answer).toContain('x-amzn-errortype: ServiceUnavailableException\r\n');
    expect(invocations).toEqual([]);
    await closed;
  });

  it('says so to who watches', async () => {
    const { port, gateway } = await start({ ready: () => false });
    const kept = await open(port);
    await ask(kept, HEALTH);
    const closed = gateway.close();
    kept.write('GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n');
    expect(await text(kept)).toMatch(/^HTTP\/1\.1 503 [\s\S]*\{"status":"not ready"\}$/);
    await closed;
  });

  it('does not wait for a client that has not finished asking', async () => {
    const { port, gateway } = await start();
    const sockets = [await open(port), await open(port)];
    sockets[1]?.write('GET /healthz HT');
    await gateway.close();
    for (const socket of sockets) if (!socket.closed) await once(socket.resume(), 'close');
  });
});
