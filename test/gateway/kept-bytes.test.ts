import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LambdaError } from '../../runtime/contract/errors.ts';
import { readBody } from '../../runtime/gateway/body.ts';
import type { KeptBytes } from '../../runtime/gateway/kept-bytes.ts';
import { awaitTaken } from '../../runtime/gateway/untaken.ts';
import type { Wire } from '../../runtime/gateway/wire.ts';

const kept = (most: number): KeptBytes => ({ bytes: 0, most });
const LARGE = Buffer.alloc(32_000_000, 'x');

async function serve(answer: (wire: Wire) => unknown): Promise<() => Promise<Socket>> {
  const server = createServer(
    (incoming: IncomingMessage, outgoing: ServerResponse) => void answer({ incoming, outgoing }),
  );
  onTestFinished(() => void server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return async () => {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    onTestFinished(() => void client.destroy());
    await once(
      client.on('error', () => undefined),
      'connect',
    );
    return client;
  };
}

describe('bodies of requests', () => {
  const limits = {
    maxBytes: 1_000,
    timeoutMs: 10_000,
    tooLarge: () => new LambdaError('ValidationException', 'large'),
  };
  const head = (bytes: number): string => `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${bytes}\r\n\r\n`;

  /** Answers with the length of a body or the name of an error, when it is let go. */
  async function serveBodies(shared: KeptBytes, hold: Promise<void> = Promise.resolve()) {
    return serve(async (wire) => {
      const said = await readBody(wire, limits, shared).then(
        (body) => String(body.byteLength),
        (error: Error) => error.name,
      );
      if (/^\d/.test(said)) await hold;
      wire.outgoing.end(said);
    });
  }

  it('count until they are answered, and are refused before they are read when there is no room', async () => {
    const shared = kept(1_500);
    const free: { it: () => void } = { it: () => undefined };
    const open = await serveBodies(shared, new Promise((resolve) => (free.it = resolve)));
    const first = await open();
    first.write(head(1_000) + 'x'.repeat(999));
    await expect.poll(() => shared.bytes).toBe(999);
    first.write('x');
    const second = await open();
    second.write(head(1_000));
    const [refusal] = (await once(second, 'data')) as [Buffer];
    free.it();
    const [answer] = (await once(first, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/\r\n\r\n1000$/);
    expect(String(refusal)).toMatch(/\r\n\r\nTooManyRequestsException$/);
    await expect.poll(() => shared.bytes).toBe(0);
  });

  it('are refused on the way when their length was not told', async () => {
    const shared = kept(100);
    const client = await (await serveBodies(shared))();
    client.write('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
    client.write(`c8\r\n${'x'.repeat(200)}\r\n`);
    const [refusal] = (await once(client, 'data')) as [Buffer];
    expect(String(refusal)).toContain('TooManyRequestsException');
    expect(shared.bytes).toBe(0);
  });

  it('count nothing when their client goes in the middle', async () => {
    const shared = kept(1_500);
    const client = await (await serveBodies(shared))();
    client.write(head(1_000) + 'x'.repeat(500));
    await expect.poll(() => shared.bytes).toBe(500);
    client.destroy();
    await expect.poll(() => shared.bytes).toBe(0);
  });

  it('that come with their head are taken whatever is kept', async () => {
    const shared = { bytes: 100, most: 100 };
    const client = await (await serveBodies(shared))();
    client.write(`${head(2)}{}`);
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/\r\n\r\n2$/);
  });
});

describe('an answer that its client does not take', () => {
  const REQUEST = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';
  const answerLarge = (patience: Parameters<typeof awaitTaken>[1]) =>
    serve((wire) => {
      wire.outgoing.setHeader('content-length', LARGE.byteLength).end(LARGE);
      awaitTaken(wire, patience);
    });

  it('is given up after a while', async () => {
    const shared = kept(2 ** 30);
    const client = await (await answerLarge({ kept: shared, stallMs: 100, bytesPerSecond: 2 ** 30 }))();
    client.pause().write(REQUEST);
    await expect.poll(() => shared.bytes).toBeGreaterThan(0);
    await expect.poll(() => shared.bytes).toBe(0);
    expect((await text(client).catch(() => '')).length).toBeLessThan(LARGE.byteLength);
  });

  it('is given up at once when too much waits already', async () => {
    const shared = kept(1_000_000);
    const client = await (await answerLarge({ kept: shared, stallMs: 60_000, bytesPerSecond: 1 }))();
    client.write(REQUEST);
    client.pause();
    expect((await text(client).catch(() => '')).length).toBeLessThan(LARGE.byteLength);
    expect(shared.bytes).toBe(0);
  });

  it('counts until it is taken', async () => {
    const shared = kept(2 ** 30);
    const client = await (await answerLarge({ kept: shared, stallMs: 60_000, bytesPerSecond: 2 ** 30 }))();
    client.pause().write(REQUEST);
    await expect.poll(() => shared.bytes).toBeGreaterThan(0);
    client.end();
    expect((await text(client)).length).toBeGreaterThan(LARGE.byteLength);
    expect(shared.bytes).toBe(0);
  });

  it('is not held against a client while an answer before it is not ready', async () => {
    const shared = kept(2 ** 30);
    const first: Wire[] = [];
    const open = await serve((wire) => {
      if (first.push(wire) === 1) return;
      wire.outgoing.end('second');
      awaitTaken(wire, { kept: shared, stallMs: 0, bytesPerSecond: 2 ** 30 });
    });
    const client = await open();
    client.write(REQUEST + REQUEST.replace('host: a', 'host: a\r\nconnection: close'));
    await expect.poll(() => shared.bytes).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    first[0]?.outgoing.end('first');
    expect(await text(client)).toMatch(/first[\s\S]*second$/);
    expect(shared.bytes).toBe(0);
  });
});
