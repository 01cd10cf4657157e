import { describe, expect, it } from 'vitest';
import { LambdaError } from '../../runtime/contract/errors.ts';
import { SpentSignatures } from '../../runtime/gateway/auth/spent-signatures.ts';
import type { Operation } from '../../runtime/gateway/lambda-api/operation.ts';
import { createTestGateway, INVOKE_HELLO, sign } from './fixture.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const ROW = { name: 'ChangeThing', path: '/thing' } as const;

/** A gateway with an operation that counts, and a request for it that was signed at noon. */
async function recorded(method: 'POST' | 'GET') {
  const time = { now: NOW };
  let count = 0;
  const operation: Operation = { ...ROW, method, handle: async () => ({ status: 200, body: { count: ++count } }) };
  const { gateway } = createTestGateway({ auth: 'on', clock: () => time.now, operations: [operation] });
  const body = method === 'POST' ? '{"a":1}' : '';
  const headers = await sign({ method, path: ROW.path, body, date: new Date(NOW) });
  const send = async (later: number, sent = body) => {
    time.now = NOW + later;
    return gateway.request(ROW.path, { method, headers, ...(sent === '' ? {} : { body: sent }) });
  };
  return { send, count: () => count };
}

describe('a recorded request', () => {
  it('that changes something is refused when it is sent again, and changes nothing', async () => {
    const { send, count } = await recorded('POST');
    expect((await send(0)).status).toBe(200);
    const again = await send(MINUTE);
    expect([again.status, again.headers.get('x-amzn-errortype')]).toEqual([403, 'InvalidSignatureException']);
    expect(await again.json()).toMatchObject({
      message: 'Signature already used: the request that it signs came at 20260301T120000Z.',
    });
    expect((await send(6 * MINUTE)).status).toBe(403);
    expect(count()).toBe(1);
  });

  it('may be a twin of the first: clients sign alike what they ask twice in a second', async () => {
    const { send, count } = await recorded('POST');
    for (const later of [0, 200, 4_000]) expect((await send(later)).status).toBe(200);
    expect(count()).toBe(3);
  });

  it('that only reads, or invokes, is answered while its date is good, as on AWS', async () => {
    const { send } = await recorded('GET');
    for (const later of [0, MINUTE, 5 * MINUTE]) expect((await send(later)).status).toBe(200);
    expect((await send(5 * MINUTE + 1)).status).toBe(403);
    const time = { now: NOW };
    const { gateway } = createTestGateway({ auth: 'on', clock: () => time.now });
    const headers = await sign({ method: 'POST', path: INVOKE_HELLO, body: '{}', date: new Date(NOW) });
    for (const later of [0, MINUTE]) {
      time.now = NOW + later;
      expect((await gateway.request(INVOKE_HELLO, { method: 'POST', headers, body: '{}' })).status).toBe(200);
    }
  });

  it('that somebody changed does not spend the signature of the right one', async () => {
    const { send, count } = await recorded('POST');
    expect((await send(0, '{"a":2}')).status).toBe(403);
    expect((await send(MINUTE)).status).toBe(200);
    expect(count()).toBe(1);
  });
});

describe('spent signatures', () => {
  it('are forgotten when their dates are no longer good', () => {
    const spent = new SpentSignatures();
    spent.spend('a', 0);
    spent.spend('b', 31 * MINUTE);
    expect(() => spent.spend('a', 31 * MINUTE)).not.toThrow();
  });

  it('are as many as there is room for: the oldest goes first', () => {
    const spent = new SpentSignatures(2);
    for (const signature of ['a', 'b', 'c']) spent.spend(signature, 0);
    expect(() => spent.spend('b', MINUTE)).toThrow(LambdaError);
    expect(() => spent.spend('c', MINUTE)).toThrow(LambdaError);
    expect(() => spent.spend('a', MINUTE)).not.toThrow();
  });
});
