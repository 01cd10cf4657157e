import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpEventContext, type HttpRequestFacts, toHttpEvent } from '../../runtime/events/http-v2-event.ts';
import { fromHttpResult, isMalformed } from '../../runtime/events/http-v2-result.ts';

const REQUEST: HttpRequestFacts = {
  method: 'POST',
  rawPath: '/a%2Fb',
  rawQuery: 'x=1&y=%20&x=2',
  headers: {
    host: 'id.lambda-url.us-east-1.localhost:8420',
    'user-agent': 'curl',
    cookie: 'a=1; b=2',
    'content-type': 'application/json; charset=utf-8',
  },
  body: Buffer.from('{"é":1}'),
  sourceIp: '127.0.0.1',
  port: 8420,
  scheme: 'http',
  protocol: 'HTTP/1.1',
};
const CONTEXT: HttpEventContext = {
  urlId: 'id',
  domainName: 'id.lambda-url.us-east-1.localhost',
  requestId: 'r-1',
  traceId: 'Root=1-2-3',
  receivedAt: Date.UTC(2020, 2, 12, 19, 3, 58, 390),
};

describe('an HTTP request as an event', () => {
  it('has every member of payload format 2.0', () => {
    expect(toHttpEvent(REQUEST, CONTEXT)).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%2Fb',
      rawQueryString: 'x=1&y=%20&x=2',
      cookies: ['a=1', 'b=2'],
      headers: {
        host: 'id.lambda-url.us-east-1.localhost:8420',
        'user-agent': 'curl',
        'content-type': 'application/json; charset=utf-8',
        'x-amzn-trace-id': 'Root=1-2-3',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '8420',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { x: '1,2', y: ' ' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'id',
        domainName: 'id.lambda-url.us-east-1.localhost',
        domainPrefix: 'id',
        http: { method: 'POST', path: '/a%2Fb', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'curl' },
        requestId: 'r-1',
        routeKey: '$default',
        stage: '$default',
        time: '12/Mar/2020:19:03:58 +0000',
        timeEpoch: CONTEXT.receivedAt,
      },
      body: '{"é":1}',
      isBase64Encoded: false,
    });
  });

  it('leaves out cookies, parameters and body that were not sent', () => {
    const event = toHttpEvent({ ...REQUEST, rawQuery: '', headers: {}, body: new Uint8Array(0) }, CONTEXT);
    expect(Object.keys(event)).not.toEqual(expect.arrayContaining(['cookies']));
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event).not.toHaveProperty('body');
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
  });

  it("does not believe a client's own forwarding headers", () => {
    const event = toHttpEvent({ ...REQUEST, headers: { 'x-forwarded-for': '9.9.9.9' } }, CONTEXT);
    expect(event).toMatchObject({ headers: { 'x-forwarded-for': '127.0.0.1' } });
  });

  it.each([
    ['text/plain', false],
    ['TEXT/HTML;charset=utf-8', false],
    ['application/xml', false],
    ['application/vnd.api+json', false],
    ['application/javascript', false],
    ['application/x-www-form-urlencoded', false],
    ['application/octet-stream', true],
    ['image/png', true],
    ['application/jsonl-not', true],
    [undefined, true],
  ])('with content type %s has a base64 body: %s', (type, isBase64Encoded) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const event = toHttpEvent({ ...REQUEST, headers, body: Buffer.from('hi') }, CONTEXT);
    expect(event).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? 'aGk=' : 'hi' });
  });

  it('names the caller of a signed request', () => {
    const caller = { accessKeyId: 'AKIA', accountId: '000000000000' };
    expect(toHttpEvent(REQUEST, { ...CONTEXT, caller })).toMatchObject({
      requestContext: {
        accountId: '000000000000',
        authorizer: { iam: { accessKey: 'AKIA', userArn: 'arn:aws:iam::000000000000:root' } },
      },
    });
  });
});

const read = (result: unknown): ReturnType<typeof fromHttpResult> =>
  fromHttpResult(Buffer.from(typeof result === 'string' ? result : JSON.stringify(result)));
const bodyOf = (result: unknown): string => {
  const answer = read(result);
  return isMalformed(answer) ? `malformed: ${answer.malformed}` : Buffer.from(answer.body).toString();
};

describe('a result as an HTTP response', () => {
  it.each([
    ['{"message": "hi"}', '{"message":"hi"}'],
    ['"text"', 'text'],
    ['3', '3'],
    ['[1, 2]', '[1,2]'],
    ['null', 'null'],
    ['', 'null'],
  ])('is inferred from %j', (result, body) => {
    expect(read(result)).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(bodyOf(result)).toBe(body);
  });

  it('is taken by its members when it has a statusCode', () => {
    const answer = read({
      statusCode: 302,
      headers: { Location: '/x', 'X-Number': 7, 'Content-Type': 'text/html' },
      cookies: ['a=1; Secure'],
      body: 'gone',
    });
    expect(answer).toMatchObject({
      status: 302,
      headers: { location: '/x', 'x-number': '7', 'content-type': 'text/html', 'set-cookie': ['a=1; Secure'] },
    });
  });

  it('keeps its own set-cookie beside the cookies', () => {
    expect(read({ statusCode: 200, headers: { 'set-cookie': 'a=1' }, cookies: ['b=2'] })).toMatchObject({
      headers: { 'set-cookie': ['a=1', 'b=2'] },
    });
  });

  it('decodes a base64 body', () => {
    expect(bodyOf({ statusCode: 200, body: 'aGk=', isBase64Encoded: true })).toBe('hi');
  });

  it('cannot set the headers of the connection', () => {
    const headers = { Connection: 'upgrade', 'Transfer-Encoding': 'chunked', 'Content-Length': '1', te: 'x', ok: '1' };
    expect(Object.keys((read({ statusCode: 200, headers }) as { headers: object }).headers)).toEqual([
      'ok',
      'content-type',
    ]);
  });

  it.each([
    ['text', 'plain text'],
    ['half a document', '{"statusCode":'],
    ['a status of 99', { statusCode: 99 }],
    ['a status of 101', { statusCode: 101 }],
    ['a status of 600', { statusCode: 600 }],
    ['a broken status', { statusCode: 200.5 }],
    ['a status that is a word', { statusCode: 'ok' }],
    ['a status of null', { statusCode: null }],
    ['a line break in a value', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a bare line feed in a value', { statusCode: 200, headers: { a: 'b\nc' } }],
    ['a NUL in a value', { statusCode: 200, headers: { a: 'b\0' } }],
    ['a character beyond Latin-1 in a value', { statusCode: 200, headers: { a: '\u010a' } }],
    ['a line break in a name', { statusCode: 200, headers: { 'a\r\nb': 'c' } }],
    ['a space in a name', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['an empty name', { statusCode: 200, headers: { '': 'c' } }],
    ['an object as a value', { statusCode: 200, headers: { a: {} } }],
    ['headers that are a list', { statusCode: 200, headers: ['a'] }],
    ['a line break in a cookie', { statusCode: 200, cookies: ['a=1\r\nset-cookie: b=2'] }],
    ['cookies that are text', { statusCode: 200, cookies: 'a=1' }],
    ['headers of 17 KB', { statusCode: 200, headers: { a: 'b'.repeat(17_000) } }],
    ['a thousand cookies', { statusCode: 200, cookies: Array(1_000).fill('a=b') }],
    ['a body that is not base64', { statusCode: 200, body: '!!!', isBase64Encoded: true }],
  ])('is malformed with %s', (_what, result) => {
    expect(isMalformed(read(result))).toBe(true);
  });

  it('is malformed when it is not UTF-8', () => {
    expect(isMalformed(fromHttpResult(Uint8Array.of(0x22, 0xc3, 0x22)))).toBe(true);
  });

  it('never breaks the framing, whatever it is', () => {
    const member = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.jsonValue());
    const result = fc.record(
      {
        statusCode: fc.oneof(fc.integer({ min: 90, max: 610 }), member),
        headers: fc.oneof(fc.dictionary(fc.string({ unit: 'binary' }), member), member),
        cookies: fc.oneof(fc.array(member), member),
        body: member,
        isBase64Encoded: fc.oneof(fc.boolean(), member),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(result, (value) => {
        const answer = read(JSON.stringify(value));
        if (isMalformed(answer)) return;
        expect(Number.isInteger(answer.status) && answer.status >= 200 && answer.status <= 599).toBe(true);
        for (const [name, field] of Object.entries(answer.headers)) {
          expect(name).toMatch(/^[!-9;-~]+$/);
          for (const line of [field].flat()) expect(line).not.toMatch(/[\r\n\0]/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void fromHttpResult(bytes)));
  });
});
