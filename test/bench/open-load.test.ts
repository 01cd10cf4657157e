import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Child } from '../../bench/child.ts';
import type { OpenLoadAnswer, OpenLoadQuestion } from '../../bench/open-load.ts';

let load: Child;
let server: Server;
beforeAll(() => {
  load = new Child(new URL('../../bench/open-load.js', import.meta.url));
});
afterAll(() => load.stop());
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

it('offers what is due, and tells answers, whole refusals and the rest apart', async () => {
  let count = 0;
  const answer = await ask({ perSecond: 500, connections: 8, ms: 600 }, (_, response) => {
    const turn = count++ % 4;
    if (turn <= 1) response.statusCode = 429;
    if (turn === 0) response.setHeader('retry-after', '1').end('{"Reason":"ConcurrentInvocationLimitExceeded"}');
    else if (turn === 1) response.end('{}');
    else response.end(turn === 2 ? 'no' : 'yes');
  });
  expect(answer.due).toBeGreaterThan(0);
  expect(answer.due).toBeLessThanOrEqual(300);
  expect(answer.succeeded + answer.refused + answer.wrong + answer.unsent).toBe(answer.due);
  expect(Math.abs(answer.succeeded - answer.refused)).toBeLessThanOrEqual(1);
  expect(Math.abs(answer.wrong - 2 * answer.refused)).toBeLessThanOrEqual(2);
  expect(answer.wrongOne).toContain('HTTP/1.1 429');
});

it('keeps to its connections, and counts what waits for one from when it was due', async () => {
  let open = 0;
  let most = 0;
  const answer = await ask({ perSecond: 400, connections: 2, ms: 500 }, (_, response) => {
    most = Math.max(most, ++open);
    setTimeout(() => {
      open--;
      response.end('yes');
    }, 100);
  });
  expect(most).toBe(2);
  expect(answer.wrong).toBe(0);
  expect(answer.unsent).toBeGreaterThan(0);
  expect(answer.latency.p99).toBeGreaterThan(200_000);
});

it('sends what waits at the end when it has time for that', async () => {
  const question = { perSecond: 100, connections: 1, ms: 300, graceMs: 60_000 };
  const answer = await ask(question, (_, response) => void setTimeout(() => response.end('yes'), 20));
  expect(answer.unsent).toBe(0);
  expect(answer.succeeded).toBe(answer.due);
});

it('says that a connection ended under a request', async () => {
  const answer = await ask({ perSecond: 50, connections: 2, ms: 300 }, (request) => request.socket.destroy());
  expect(answer.wrong).toBeGreaterThan(0);
  expect(answer.wrong + answer.unsent).toBe(answer.due);
});

async function ask(
  question: Pick<OpenLoadQuestion, 'perSecond' | 'connections' | 'ms' | 'graceMs'>,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<OpenLoadAnswer> {
  server = createServer((request, response) => {
    request.resume().on('end', () => handler(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return load.ask<OpenLoadAnswer>({ url, path: '/', body: '{}', expected: 'yes', ...question });
}
