import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

const DEEP = '['.repeat(50_000) + ']'.repeat(50_000);
const FAILED = '{"Message":"Internal Server Error"}';

const results: readonly (readonly [what: string, result: string | Buffer, status: number, body: string])[] = [
  ['a line break in a header', '{"statusCode":200,"headers":{"a":"b\\r\\nforged: 1"}}', 502, FAILED],
  ['a line break in a header name', '{"statusCode":200,"headers":{"a\\nforged":"b"}}', 502, FAILED],
  ['a line break in a cookie', '{"statusCode":200,"cookies":["a=b\\r\\nforged: 1"]}', 502, FAILED],
  ['a NUL in a header', '{"statusCode":200,"headers":{"a":"\\u0000"}}', 502, FAILED],
  ['a header of another alphabet', '{"statusCode":200,"headers":{"a":"\\u2603"}}', 502, FAILED],
  ['no header name', '{"statusCode":200,"headers":{"":"forged"}}', 502, FAILED],
  [
    'framing of its own',
    '{"statusCode":200,"headers":{"Transfer-Encoding":"chunked","Content-Length":"1"},"body":"whole"}',
    200,
    'whole',
  ],
  ['an id of its own', '{"statusCode":200,"headers":{"x-amzn-requestid":"forged"},"body":"x"}', 200, 'x'],
  ['status 99', '{"statusCode":99}', 502, FAILED],
  ['status 101', '{"statusCode":101}', 502, FAILED],
  ['status 1000', '{"statusCode":1000}', 502, FAILED],
  ['status 200.5', '{"statusCode":200.5}', 502, FAILED],
  ['status 1e400', '{"statusCode":1e400}', 502, FAILED],
  ['status null', '{"statusCode":null}', 502, FAILED],
  ['status "201"', '{"statusCode":"201","body":"x"}', 201, 'x'],
  ['status 204 with a body', '{"statusCode":204,"body":"forged"}', 204, ''],
  ['status 205 with a body', '{"statusCode":205,"body":"forged"}', 205, ''],
  ['status 304 with a body', '{"statusCode":304,"body":"forged"}', 304, ''],
  ['text that is not JSON', 'hello', 502, FAILED],
  ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 502, FAILED],
  ['nothing', '', 200, 'null'],
  ['a number', '42', 200, '42'],
  ['base64', '{"statusCode":200,"isBase64Encoded":true,"body":"aGVsbG8="}', 200, 'hello'],
  ['base64 that is none', '{"statusCode":200,"isBase64Encoded":true,"body":"***"}', 502, FAILED],
  ['base64 that stops short', '{"statusCode":200,"isBase64Encoded":true,"body":"aGVsb"}', 502, FAILED],
  ['base64 of a number', '{"statusCode":200,"isBase64Encoded":true,"body":5}', 502, FAILED],
  ['half a character', '{"statusCode":200,"body":"\\ud800"}', 200, '\ufffd'],
];

describe("a function URL's visitor, and the next on the connection, are safe from", () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  it.each(results.map((row, index) => [...row, `result-${index}`] as const))('%s', async (...row) => {
    const [, result, status, body, name] = row;
    await isola.create(name, answering(result));
    await isola.openUrl(name);
    const socket = connect(Number(new URL(isola.url).port), '127.0.0.1');
    const bytes = (path: string, connection: string): string =>
      `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: ${connection}\r\n\r\n`;
    socket.write(bytes(`/url/${name}/`, 'keep-alive') + bytes('/healthz', 'close'));
    const answers = await text(socket);
    const [head = '', rest = ''] = answers.split(/\r\n\r\n(.*)/s);
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).not.toContain('forged');
    expect(rest.slice(0, rest.indexOf('HTTP/1.1 200 OK'))).toBe(body);
    expect(rest).toMatch(/\r\n\r\n\{"status":"ok"\}$/);
  });

  it.each([
    ['a result without a bottom', DEEP],
    ['a body without a bottom', `{"statusCode":200,"body":${DEEP}}`],
  ])('%s, which some engines write and others refuse', async (what, result) => {
    const name = what.replaceAll(' ', '-');
    await isola.create(name, answering(result));
    await isola.openUrl(name);
    const answer = await fetch(`${isola.url}/url/${name}/`);
    const body = await answer.text();
    if (answer.status === 502) expect(body).toBe(FAILED);
    else expect([answer.status, body]).toEqual([200, DEEP]);
    expect((await fetch(`${isola.url}/healthz`)).status).toBe(200);
  });
});
