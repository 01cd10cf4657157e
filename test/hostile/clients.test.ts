import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { exchange } from '../support/exchange.ts';
import { type HostileIsola, startHostileIsola } from './hostile-isola.ts';
import { open, parseAnswer, received } from './raw-client.ts';

/** Connections of each kind; a longer run takes more. */
const CROWD = Number(process.env.HOSTILE_CROWD ?? 100);
const LARGE = 6_000_000;

let hostile: HostileIsola;
let url: string;
beforeAll(async () => {
  hostile = await startHostileIsola();
  url = hostile.isola.url;
  await hostile.isola.create('large', answering(JSON.stringify('x'.repeat(LARGE))), { Timeout: 30 });
  await hostile.isola.openUrl('large');
  await hostile.isola.openUrl('neighbour');
});
afterEach(() => hostile.assertQuiet());
afterAll(() => hostile.stop());

const crowd = (count: number = CROWD): Promise<Socket[]> => Promise.all(Array.from({ length: count }, () => open(url)));
const request = (line: string, ...rest: readonly string[]): string => [line, 'host: a', ...rest, '', ''].join('\r\n');
const HEALTH = request('GET /healthz HTTP/1.1');
const URL_OF_NEIGHBOUR = request('POST /url/neighbour/ HTTP/1.1', 'content-length: 1000');
const URL_OF_LARGE = request('GET /url/large/ HTTP/1.1');
const healthy = async (): Promise<void> =>
  expect((await exchange(url, { method: 'GET', path: '/healthz' })).status).toBe(200);

/** What clients do, `at` being one of the crowd's connections. They are cut off when the neighbours have been looked at. */
const KINDS: readonly (readonly [string, (at: Socket) => unknown])[] = [
  ['connect and say nothing', () => undefined],
  ['stop in their head', (at) => at.write('GET /healthz HTTP/1.1\r\nhost: a\r\nx')],
  ['stop in their body', (at) => at.write(`${URL_OF_NEIGHBOUR}{`)],
  [
    'stop in a chunk',
    (at) => at.write(`${request('POST /url/neighbour/ HTTP/1.1', 'transfer-encoding: chunked')}5\r\na`),
  ],
  ['ask and never read', (at) => at.write(HEALTH.repeat(50)) && at.pause()],
  ['ask and close their side', (at) => at.end(HEALTH)],
  ['keep their side open when they were told off', (at) => at.write('no HTTP\r\n\r\n')],
];

describe('clients that', () => {
  it.each(KINDS)('%s hold nobody up, and are forgotten when they go', async (_, begin) => {
    const sockets = await crowd();
    for (const socket of sockets) begin(socket);
    await healthy();
    await hostile.assertUnharmed();
    for (const socket of sockets) socket.resetAndDestroy();
  });

  it.each(KINDS)('%s and reset at once are forgotten', async (_, begin) => {
    for (const socket of await crowd()) {
      begin(socket);
      socket.resetAndDestroy();
    }
    await healthy();
  });

  it('reset in the midst of an answer are forgotten', async () => {
    for (let turn = 0; turn < 20; turn++) {
      const socket = await open(url);
      socket.write(URL_OF_LARGE);
      await once(socket, 'data');
      socket.resetAndDestroy();
    }
  });

  it('never read large answers are not waited for', async () => {
    const sockets = await crowd(20);
    for (const socket of sockets) {
      socket.pause();
      socket.write(URL_OF_LARGE.repeat(4));
    }
    await hostile.assertUnharmed();
    for (const socket of sockets) socket.resetAndDestroy();
  });

  it('send a byte of their head now and then are told that this is too slow', async () => {
    const sockets = await crowd();
    const dripping = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('x');
    }, 500);
    const answers = Promise.all(
      sockets.map((socket) => {
        socket.write('GET /healthz HTTP/1.1\r\nx: ');
        return received(socket);
      }),
    );
    await hostile.assertUnharmed();
    for (const answer of await answers) {
      expect(parseAnswer(answer)).toMatchObject({ status: 408, type: 'RequestTimeoutException' });
    }
    clearInterval(dripping);
  });

  it('pipeline are answered each in turn, up to a bound', async () => {
    const asks = (count: number): string => request('GET /url/neighbour/ HTTP/1.1').repeat(count);
    const socket = await open(url);
    socket.write(asks(63) + request('GET /healthz HTTP/1.1', 'connection: close'));
    expect((await received(socket)).match(/HTTP\/1\.1 200 /g)).toHaveLength(64);
    const endless = await crowd(20);
    const answers = endless.map((at) => {
      at.write(asks(5_000));
      return received(at);
    });
    await hostile.assertUnharmed();
    for (const answer of await Promise.all(answers)) {
      expect(answer.match(/HTTP\/1\.1 200 /g)?.length ?? 0).toBeLessThan(5_000);
    }
  });
});
