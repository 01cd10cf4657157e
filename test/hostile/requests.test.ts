import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Key, signed } from '../e2e/mis-signed.ts';
import { exchange, type WireAnswer, type WireRequest } from '../support/exchange.ts';
import { readKey } from '../support/query-client.ts';
import { type HostileIsola, startHostileIsola } from './hostile-isola.ts';

let hostile: HostileIsola;
let key: Key;
beforeAll(async () => {
  hostile = await startHostileIsola();
  key = readKey(hostile.isola.process.credentialsFile);
});
afterEach(() => hostile.assertQuiet());
afterAll(() => hostile.stop());

const FUNCTIONS = '/2015-03-31/functions';
const INVOKE = `${FUNCTIONS}/neighbour/invocations`;
const DEEP = '['.repeat(100_000);
const invoke = (body: string | Uint8Array, path = INVOKE): WireRequest => ({ method: 'POST', path, body });
const create = (settings: unknown): WireRequest => invoke(JSON.stringify(settings), FUNCTIONS);
const get = (path: string): WireRequest => ({ method: 'GET', path });
const changing = (settings: unknown): WireRequest => ({
  ...{ method: 'PUT', path: `${FUNCTIONS}/neighbour/configuration` },
  body: JSON.stringify(settings),
});

const send = async (request: WireRequest, signing?: Parameters<typeof signed>[3]): Promise<WireAnswer> =>
  exchange(hostile.isola.url, await signed(hostile.isola.url, request, key, signing));
/** An error as the SDKs read it: status, type, and a sentence under one of two names. */
const told = ({ status, headers, body }: WireAnswer): readonly unknown[] => {
  const { message, Message } = JSON.parse(body.toString()) as Record<string, unknown>;
  return [status, headers['x-amzn-errortype'], message ?? Message];
};
const error = (status: number, type: string, message: RegExp): readonly unknown[] => [
  status,
  type,
  expect.stringMatching(message),
];
const notJson = error(400, 'InvalidRequestContentException', /^Could not parse request body into json/);
const invalid = (message: RegExp): readonly unknown[] => error(400, 'ValidationException', message);
const unknown = error(404, 'ResourceNotFoundException', /not found/i);

describe('a request that is signed, and wrong', () => {
  it.each<[string, WireRequest, readonly unknown[]]>([
    ['no JSON for an event', invoke('{"a":'), notJson],
    ['an event that is not UTF-8', invoke(Buffer.from([0x22, 0xff, 0x22])), notJson],
    ['an event with a byte-order mark', invoke('\ufeff{}'), notJson],
    ['an event that nests without end', invoke(DEEP), notJson],
    [
      'no JSON for settings',
      { ...changing({}), body: '{"Timeout":' },
      error(400, 'InvalidRequestContentException', /./),
    ],
    ['a list for settings', changing([]), error(400, 'InvalidRequestContentException', /./)],
    ['a name that is a number', create({ FunctionName: 7 }), error(400, 'InvalidRequestContentException', /./)],
    ['a timeout that is text', changing({ Timeout: 'long' }), error(400, 'InvalidRequestContentException', /./)],
    ['a timeout of years', changing({ Timeout: 1e9 }), invalid(/timeout/)],
    ['a memory of nothing', changing({ MemorySize: 0 }), invalid(/memorySize/)],
    ['a memory without bounds', changing({ MemorySize: 1e6 }), invalid(/memorySize/)],
    ['a function that nobody has', invoke('{}', `${FUNCTIONS}/nobody/invocations`), unknown],
    ['a version that nobody has', invoke('{}', `${INVOKE}?Qualifier=7`), unknown],
    ['half an ARN', get(`${FUNCTIONS}/arn:aws:lambda:us-east-1:12:function:`), invalid(/functionName/)],
    ['an ARN of something else', get(`${FUNCTIONS}/arn:aws:s3:::bucket`), invalid(/functionName/)],
    ['a name with a NUL', get(`${FUNCTIONS}/%00`), invalid(/functionName/)],
    ['a name with a way out', get(`${FUNCTIONS}/..%2f..%2fetc`), invalid(/functionName/)],
    [
      'a path that nobody answers',
      get('/2015-03-31/functions/neighbour/secrets'),
      error(404, 'UnknownOperationException', /./),
    ],
    [
      'a code that is no base64',
      create({ FunctionName: 'f', Role: 'arn:aws:iam::000000000000:role/r', Code: { ZipFile: '***' } }),
      error(400, 'InvalidRequestContentException', /./),
    ],
    [
      'an event too large',
      invoke(`"${'x'.repeat(6_291_455)}"`),
      error(413, 'RequestEntityTooLargeException', /^Request must be smaller than 6291456 bytes/),
    ],
    [
      'an event for later too large',
      { ...invoke(`"${'x'.repeat(1_048_575)}"`), headers: { 'x-amz-invocation-type': 'Event' } },
      error(413, 'RequestEntityTooLargeException', /Event invocation type/),
    ],
  ])('%s is told so', async (_, request, answer) => {
    expect(told(await send(request))).toEqual(answer);
  });

  it('too large a package is refused by its length', async () => {
    const request = await signed(hostile.isola.url, create({}), key);
    const headers = { ...request.headers, 'content-length': '70167212' };
    const answer = await exchange(hostile.isola.url, { ...request, headers });
    expect(told(answer)).toEqual(error(413, 'RequestEntityTooLargeException', /./));
  });
});

describe('a signature', () => {
  const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
  const refused = (message: RegExp): readonly unknown[] => error(403, 'InvalidSignatureException', message);

  it('of nobody is refused', async () => {
    expect(told(await exchange(hostile.isola.url, invoke('{}')))).toEqual(
      error(403, 'MissingAuthenticationTokenException', /^Missing Authentication Token$/),
    );
  });

  it('of a stranger is refused', async () => {
    const stranger = { ...key, accessKeyId: 'AKIANOBODYNOBODYNOBO' };
    const request = await signed(hostile.isola.url, invoke('{}'), stranger);
    expect(told(await exchange(hostile.isola.url, request))).toEqual(error(403, 'UnrecognizedClientException', /./));
  });

  it('by a wrong secret is refused', async () => {
    const request = await signed(hostile.isola.url, invoke('{}'), { ...key, secretAccessKey: 'guessed' });
    expect(told(await exchange(hostile.isola.url, request))).toEqual(refused(/does not match/));
  });

  it.each<[string, Partial<WireRequest>]>([
    ['another body', { body: '{"forged":1}' }],
    ['another path', { path: `${FUNCTIONS}/keeper/invocations` }],
    ['another query', { path: `${INVOKE}?Qualifier=1` }],
  ])('of a request with %s is refused', async (_, forged) => {
    const request = { ...(await signed(hostile.isola.url, invoke('{}'), key)), ...forged };
    expect(told(await exchange(hostile.isola.url, request))).toEqual(refused(/does not match/));
  });

  it.each([
    ['late', -6, refused(/^Signature expired/)],
    ['early', 6, refused(/^Signature not yet current/)],
  ])('that comes %s is refused', async (_, late, answer) => {
    expect(told(await send(invoke('{}'), { date: minutes(late) }))).toEqual(answer);
  });

  it.each([
    ['region', { region: 'eu-west-1' }, 404],
    ['service', { service: 'ec2' }, 403],
  ])('for another %s reaches nothing here', async (_, signing, status) => {
    expect((await send(invoke('{}'), signing)).status).toBe(status);
  });

  it('of a change is good for one change', async () => {
    const request = await signed(hostile.isola.url, changing({ Description: 'once' }), key);
    expect((await exchange(hostile.isola.url, request)).status).toBe(200);
    await vi.waitFor(
      async () => expect(told(await exchange(hostile.isola.url, request))).toEqual(refused(/^Signature already used/)),
      { timeout: 60_000, interval: 500 },
    );
  });
});
