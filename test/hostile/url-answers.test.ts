import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { type HostileIsola, startHostileIsola } from './hostile-isola.ts';
import { parseAnswer, send } from './raw-client.ts';

let hostile: HostileIsola;
beforeAll(async () => {
  hostile = await startHostileIsola();
});
afterEach(() => hostile.assertQuiet());
afterAll(() => hostile.stop());

const FAILED = '{"Message":"Internal Server Error"}';
const HEALTHY = /^HTTP\/1\.1 200 OK\r\n.*\{"status":"ok"\}$/s;
const json = (answer: unknown): string => JSON.stringify(answer);
const many = (count: number, value: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, value]));

describe('a function URL whose function answers', () => {
  it.each<[string, string | Uint8Array, number, string]>([
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 502, FAILED],
    ['text that is not JSON', 'hello', 502, FAILED],
    ['a line break in a header', json({ headers: { a: 'b\r\nforged: 1' }, statusCode: 200 }), 502, FAILED],
    ['a line break in a header name', json({ headers: { 'a\nforged': 'b' }, statusCode: 200 }), 502, FAILED],
    ['a line break in a cookie', json({ cookies: ['a=b\r\nforged: 1'], statusCode: 200 }), 502, FAILED],
    [
      'another answer behind a header',
      json({ headers: { a: 'b\r\n\r\nHTTP/1.1 200 OK' }, statusCode: 200 }),
      502,
      FAILED,
    ],
    ['a length of its own', json({ headers: { 'content-length': '1' }, statusCode: 200, body: 'whole' }), 200, 'whole'],
    [
      'chunks of its own',
      json({ headers: { 'transfer-encoding': 'chunked' }, statusCode: 200, body: 'whole' }),
      200,
      'whole',
    ],
    ['an upgrade', json({ statusCode: 101 }), 502, FAILED],
    ['status 0', json({ statusCode: 0 }), 502, FAILED],
    ['status 1000', json({ statusCode: 1000 }), 502, FAILED],
    ['status 2e2 and a half', json({ statusCode: 200.5 }), 502, FAILED],
    ['five thousand headers', json({ headers: many(5_000, 'y'), statusCode: 200, body: 'x' }), 502, FAILED],
    [
      'a header of a megabyte',
      json({ headers: { x: 'y'.repeat(1_000_000) }, statusCode: 200, body: 'x' }),
      502,
      FAILED,
    ],
    [
      'six megabytes of cookies',
      json({ cookies: new Array(60_000).fill('y'.repeat(90)), statusCode: 200 }),
      502,
      FAILED,
    ],
  ])('%s leaves its visitor, and the next on the connection, unharmed', async (what, result, status, body) => {
    const name = what.replaceAll(/\W+/g, '-');
    await hostile.isola.create(name, answering(result), { Timeout: 30 });
    await hostile.isola.openUrl(name);
    const request = (path: string, connection: string): string =>
      `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: ${connection}\r\n\r\n`;
    const both = await send(hostile.isola.url, request(`/url/${name}/`, 'keep-alive') + request('/healthz', 'close'));
    const first = parseAnswer(both);
    expect([first.status, first.body.slice(0, body.length)]).toEqual([status, body]);
    expect(first.body.slice(body.length)).toMatch(HEALTHY);
    expect(both).not.toMatch(/^forged/m);
  });
});
