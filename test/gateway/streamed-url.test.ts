import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Invoker } from '../../runtime/contract/invoker.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { StreamChunk } from '../../runtime/contract/response-stream.ts';
import { createTestGateway, REPORT, type Setup, succeeded } from './fixture.ts';

const FAILED: Outcome = {
  kind: 'function-error',
  error: { errorType: 'E', errorMessage: 'm' },
  report: REPORT,
  log: '',
};

const prelude = (head: unknown): StreamChunk => ({
  kind: 'prelude',
  bytes: Buffer.from(`${typeof head === 'string' ? head : JSON.stringify(head)}${'\0'.repeat(8)}`),
});
const bytes = (text: string): StreamChunk => ({ kind: 'bytes', bytes: Buffer.from(text) });

/** Streams these chunks, and ends so; tells how many were taken. */
function streaming(chunks: readonly StreamChunk[], outcome: Outcome = succeeded('')) {
  const seen = { taken: 0 };
  const invoke: Invoker = async ({ stream }) => {
    for (const chunk of chunks)
      await new Promise<void>((resolve) => stream?.write(chunk, resolve)).then(() => seen.taken++);
    return outcome;
  };
  return { seen, invoke };
}

function ask(
  chunks: readonly StreamChunk[],
  setup: Setup & { method?: string; headers?: Record<string, string> } = {},
) {
  const { method = 'GET', headers = {}, outcome, ...deps } = setup;
  const { invoke } = streaming(chunks, outcome);
  const { gateway } = createTestGateway({ ...deps, invokeMode: 'RESPONSE_STREAM', invoke });
  return gateway.request('/url/hello/', { method, headers });
}

describe('a function URL that streams', () => {
  it('answers with the status, headers and cookies of the prelude, and each piece in chunks', async () => {
    const head = { statusCode: 206, headers: { 'X-One': '1', 'content-type': 'text/plain' }, cookies: ['a=1', 'b=2'] };
    const answer = await ask([prelude(head), bytes('one,'), bytes(''), bytes('two')]);
    expect(answer.status).toBe(206);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ 'x-one': '1', 'content-type': 'text/plain', 'transfer-encoding': 'chunked' },
      'x-amzn-requestid': expect.any(String),
    });
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.text()).toBe('one,two');
  });

  it('answers with bytes where there is no prelude', async () => {
    const answer = await ask([bytes('one'), bytes('two')]);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    expect(await answer.text()).toBe('onetwo');
  });

  it('reads the result of a guest that does not stream as ever', async () => {
    const answer = await ask([], { outcome: succeeded('{"statusCode":201,"body":"as ever"}') });
    expect([answer.status, await answer.text()]).toEqual([201, 'as ever']);
  });

  it.each([
    ['a status of 99', { statusCode: 99 }],
    ['a line break in a value', { headers: { a: 'b\r\nc: d' } }],
    ['a line break in a cookie', { cookies: ['a=1\r\nset-cookie: b=2'] }],
    ['a name that is none', { headers: { 'a b': 'c' } }],
    ['half a document', '{"statusCode":'],
    ['a list', '[]'],
    ['bytes that are not JSON', '\u0001'],
  ])('refuses a prelude with %s', async (_, head) => {
    const answer = await ask([prelude(head), bytes('<script>')]);
    expect([answer.status, await answer.text()]).toEqual([502, '{"Message":"Internal Server Error"}']);
  });

  it('leaves the framing of the connection to the platform', async () => {
    const headers = { 'content-length': '1', 'transfer-encoding': 'identity', connection: 'upgrade', trailer: 'x' };
    const answer = await ask([prelude({ headers }), bytes('whole')]);
    expect(answer.headers.get('transfer-encoding')).toBe('chunked');
    expect(await answer.text()).toBe('whole');
  });

  it.each([
    [502, FAILED],
    [504, { kind: 'timed-out', cause: 'deadline', limit: 1, report: REPORT, log: '' } as const],
    [429, { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 } as const],
  ])('answers %s when it fails before the first piece', async (status, outcome) => {
    expect((await ask([], { outcome })).status).toBe(status);
  });

  it('breaks the connection when it fails after the first piece', async () => {
    await expect(ask([bytes('one')], { outcome: FAILED })).rejects.toThrow(/aborted|hang up/);
  });

  it.each(['HEAD', 'OPTIONS'])('answers %s without breaking what follows', async (method) => {
    const answer = await ask([prelude({ statusCode: 200, headers: { 'x-one': '1' } }), bytes('one')], { method });
    expect([answer.status, answer.headers.get('x-one')]).toEqual([200, '1']);
    expect(await answer.text()).toBe(method === 'HEAD' ? '' : 'one');
  });

  it.each([204, 304])('has no body with a status of %s', async (statusCode) => {
    const answer = await ask([prelude({ statusCode }), bytes('one')]);
    expect([answer.status, answer.headers.has('transfer-encoding')]).toEqual([statusCode, false]);
  });

  it('has the headers of its Cors configuration', async () => {
    const cors = { allowOrigins: ['https://a.example'], exposeHeaders: ['x-one'] };
    const chunks = [prelude({ headers: { 'access-control-allow-origin': '*' } }), bytes('one')];
    const answer = await ask(chunks, { cors, headers: { origin: 'https://a.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(answer.headers.get('access-control-expose-headers')).toBe('x-one');
  });

  it('lets the function run on, its output dropped, when the visitor goes away', async () => {
    const gone: { resolve?: () => void } = {};
    const left = new Promise<void>((resolve) => {
      gone.resolve = resolve;
    });
    const ended = new Promise<number>((done) => {
      const invoke: Invoker = async ({ stream }) => {
        const write = (text: string) => new Promise<void>((resolve) => stream?.write(bytes(text), resolve));
        await write('one');
        await left;
        let taken = 0;
        for (; taken < 200; taken++) await write('x'.repeat(65_536));
        done(taken);
        return succeeded('');
      };
      const { gateway } = createTestGateway({ invokeMode: 'RESPONSE_STREAM', invoke });
      void gateway.listen('127.0.0.1', 0).then(async ({ url }) => {
        const outgoing = request(`${url}/url/hello/`, { agent: false }).end();
        const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
        await once(incoming, 'data');
        incoming.on('error', () => {}).destroy();
        await once(incoming, 'close');
        gone.resolve?.();
      });
    });
    expect(await ended).toBe(200);
  });
});
