import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpServer, Listening } from '../../runtime/gateway/server.ts';
import { createTestGateway, INVOKE_HELLO, type Setup, succeeded, type TestGateway } from './fixture.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

async function start(setup: Setup = {}): Promise<TestGateway & Listening> {
  const test = createTestGateway(setup);
  open.push(test.gateway);
  return { ...test, ...(await test.gateway.listen('127.0.0.1', 0)) };
}

function send(port: number, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return socket;
}

const invoke = (event: string): string =>
  `POST ${INVOKE_HELLO} HTTP/1.1\r\nhost: a\r\ncontent-length: ${event.length}\r\n\r\n${event}`;
const statusesOf = (answers: string): readonly number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

describe('bytes that are no HTTP', () => {
  it('are answered behind the requests that came whole before them', async () => {
    const { port } = await start({
      invoke: async ({ event }) => {
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
        return succeeded(event);
      },
    });
    const answers = await text(send(port, `${invoke('"first"')}${invoke('"second"')}no HTTP\r\n\r\n`));
    expect(statusesOf(answers)).toEqual([200, 200, 400]);
    expect(answers).toMatch(/"first".*"second".*The request is not valid HTTP\./s);
  });

  it('in a request are its answer', async () => {
    const { port, invocations } = await start();
    const head = `POST ${INVOKE_HELLO} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n`;
    const answers = await text(send(port, `${invoke('1')}${head}zz\r\n`));
    expect(statusesOf(answers)).toEqual([200, 400]);
    expect(invocations).toHaveLength(1);
  });

  it('in a request that was answered already are answered nothing more', async () => {
    const { port } = await start({ auth: 'on' });
    const head = `POST ${INVOKE_HELLO} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n`;
    const socket = send(port, head);
    let answers = '';
    socket.on('data', (bytes: Buffer) => {
      if (answers === '') socket.write('zz\r\n');
      answers += bytes;
    });
    await new Promise((resolve) => socket.once('close', resolve));
    expect(statusesOf(answers)).toEqual([403]);
    expect(answers).toMatch(/"Missing Authentication Token"\}$/);
  });

  it('are nowhere in the midst of an answer', async () => {
    const block = new Uint8Array(300_000).fill(0x78);
    const { port } = await start({
      invokeMode: 'RESPONSE_STREAM',
      invoke: async ({ stream }) => {
        const write = () => new Promise<void>((taken) => stream?.write({ kind: 'bytes', bytes: block }, taken));
        await write();
        socket.write('no HTTP\r\n\r\n');
        await fetch(`http://127.0.0.1:${port}/healthz`);
        await write();
        return succeeded('');
      },
    });
    const socket = send(port, 'GET /url/hello/ HTTP/1.1\r\nhost: a\r\n\r\n');
    const answers = await text(socket);
    expect(statusesOf(answers)).toEqual([200, 400]);
    expect(answers).toMatch(/x\r\n0\r\n\r\nHTTP\/1\.1 400 Bad Request\r\n/);
  });

  it('end their connection though the client keeps it open', async () => {
    const { port } = await start();
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('no HTTP\r\n\r\n');
    socket.resume();
    await once(socket, 'end');
    const refused = once(socket, 'error');
    const sending = setInterval(() => socket.write('x'), 20);
    expect(await refused).toMatchObject([{ code: expect.stringMatching(/EPIPE|ECONNRESET/) }]);
    clearInterval(sending);
  });
});
