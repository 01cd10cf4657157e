import { describe, expect, it } from 'vitest';
import { LambdaError } from '../../runtime/contract/errors.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { createTestGateway, HELLO, INVOKE_HELLO, REPORT, succeeded, type TestRequest } from './fixture.ts';

const post = (body?: string | Uint8Array, headers: Record<string, string> = {}): TestRequest => ({
  method: 'POST',
  headers,
  ...(body === undefined ? {} : { body }),
});
const ended = { report: REPORT, log: '' };

async function answerTo(outcome: Outcome, headers: Record<string, string> = {}): Promise<Response> {
  return createTestGateway({ outcome }).gateway.request(INVOKE_HELLO, post('{}', headers));
}

describe('Invoke', () => {
  it("answers the function's bytes under Lambda's headers", async () => {
    const { gateway, invocations } = createTestGateway();
    const response = await gateway.request(INVOKE_HELLO, post('{"a":1}'));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"a":1}');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-amz-executed-version')).toBe('$LATEST');
    expect(response.headers.get('x-amzn-requestid')).toBe(invocations[0]?.requestId);
    expect(response.headers.get('x-amzn-trace-id')).toMatch(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
    );
    expect(response.headers.has('x-amz-function-error')).toBe(false);
    expect(response.headers.has('x-amz-log-result')).toBe(false);
  });

  it.each([
    ['a name', INVOKE_HELLO],
    ['a trailing slash', `${INVOKE_HELLO}/`],
    ['an encoded qualifier', '/2015-03-31/functions/hello%3A%24LATEST/invocations'],
    ['a whole ARN', `/2015-03-31/functions/${encodeURIComponent(HELLO.arn)}/invocations`],
  ])('finds the function by %s', async (_what, path) => {
    expect((await createTestGateway().gateway.request(path, post('{}'))).status).toBe(200);
  });

  it('hands the Qualifier to the registry', async () => {
    const response = await createTestGateway().gateway.request(`${INVOKE_HELLO}?Qualifier=7`, post('{}'));
    expect(response.headers.get('x-amz-executed-version')).toBe('7');
  });

  it('gives the function {} for an empty body, and the caller null for an empty result', async () => {
    const { gateway, invocations } = createTestGateway({ outcome: succeeded('') });
    expect(await (await gateway.request(INVOKE_HELLO, post())).text()).toBe('null');
    expect(Buffer.from(invocations[0]!.event).toString()).toBe('{}');
  });

  it('passes on a result that is text, as for custom runtimes', async () => {
    expect(await (await answerTo(succeeded('plain text\n'))).text()).toBe('plain text\n');
  });

  it.each([
    ['malformed JSON', '{"a":'],
    ['a byte order mark', '\ufeff{}'],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ])('answers 400 to %s without invoking', async (_what, body) => {
    const { gateway, invocations } = createTestGateway();
    const response = await gateway.request(INVOKE_HELLO, post(body));
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidRequestContentException');
    expect(((await response.json()) as { message: string }).message).toMatch(
      /^Could not parse request body into json: Could not parse payload into json: /,
    );
    expect(invocations).toEqual([]);
  });

  it('answers DryRun with 204 and nothing else, without invoking', async () => {
    const { gateway, invocations } = createTestGateway();
    const response = await gateway.request(INVOKE_HELLO, post('{}', { 'x-amz-invocation-type': 'DryRun' }));
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(invocations).toEqual([]);
  });

  it('takes an Event over for later, answers 202 and nothing else, and does not invoke', async () => {
    const { gateway, events, invocations } = createTestGateway();
    const headers = { 'x-amz-invocation-type': 'Event' };
    const response = await gateway.request(`${INVOKE_HELLO}?Qualifier=live`, post('{"n":1}', headers));
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(response.headers.get('x-amz-executed-version')).toBeNull();
    expect(invocations).toEqual([]);
    expect(events).toMatchObject([
      { functionName: 'hello', qualifier: 'live', requestId: response.headers.get('x-amzn-requestid') },
    ]);
    expect(String(events[0]?.event)).toBe('{"n":1}');
  });

  it('keeps the qualifier of an Event that stands in its name, and none where there is none', async () => {
    const { gateway, events } = createTestGateway();
    const headers = { 'x-amz-invocation-type': 'Event' };
    await gateway.request(INVOKE_HELLO.replace('hello', 'hello%3A%24LATEST'), post('', headers));
    await gateway.request(INVOKE_HELLO, post('', headers));
    expect(events.map(({ qualifier }) => qualifier)).toEqual(['$LATEST', undefined]);
    expect(String(events[0]?.event)).toBe('{}');
  });

  it('answers 413 to an Event of more than a megabyte, and takes one of just as much', async () => {
    const { gateway, events } = createTestGateway();
    const send = (bytes: number) =>
      gateway.request(INVOKE_HELLO, post(`"${'x'.repeat(bytes - 2)}"`, { 'x-amz-invocation-type': 'Event' }));
    expect((await send(1_048_576)).status).toBe(202);
    const response = await send(1_048_577);
    expect([response.status, events.length]).toEqual([413, 1]);
    expect(await response.json()).toMatchObject({
      message: '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    });
  });

  it('answers what the queue says when it is full', async () => {
    const refusal = new LambdaError('TooManyRequestsException', 'Rate Exceeded.', { headers: { 'retry-after': '1' } });
    const { gateway } = createTestGateway({ enqueue: () => Promise.reject(refusal) });
    const response = await gateway.request(INVOKE_HELLO, post('{}', { 'x-amz-invocation-type': 'Event' }));
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
  });

  it('names the invocation types it knows when it gets another', async () => {
    const response = await createTestGateway().gateway.request(
      INVOKE_HELLO,
      post('{}', { 'x-amz-invocation-type': 'X' }),
    );
    expect(await response.json()).toEqual({
      message:
        "1 validation error detected: Value 'X' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
    });
  });

  it('answers 404 with a capital Message for an unknown function', async () => {
    const response = await createTestGateway().gateway.request('/2015-03-31/functions/nope/invocations', post('{}'));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      Type: 'User',
      Message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nope',
    });
  });

  it('decodes the client context and refuses one that is not base64 JSON', async () => {
    const { gateway, invocations } = createTestGateway();
    const context = Buffer.from('{"custom":{"a":"b"}}').toString('base64');
    await gateway.request(INVOKE_HELLO, post('{}', { 'x-amz-client-context': context }));
    expect(invocations[0]?.clientContext).toBe('{"custom":{"a":"b"}}');
    const bad = await gateway.request(INVOKE_HELLO, post('{}', { 'x-amz-client-context': '%%' }));
    expect(bad.status).toBe(400);
  });

  it('returns the log with platform lines when asked for the tail', async () => {
    const response = await answerTo(succeeded('1', 'hi\n'), { 'x-amz-log-type': 'Tail' });
    const id = response.headers.get('x-amzn-requestid');
    expect(Buffer.from(response.headers.get('x-amz-log-result')!, 'base64').toString()).toBe(
      `START RequestId: ${id} Version: $LATEST\nhi\nEND RequestId: ${id}\n` +
        `REPORT RequestId: ${id}\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 3 MB\tFuel: 4200\t\n`,
    );
  });

  it('cuts the tail to 4 KiB at a character, keeping the end', async () => {
    const response = await answerTo(succeeded('1', `${'é'.repeat(9_001)}\n`), { 'x-amz-log-type': 'Tail' });
    const tail = Buffer.from(response.headers.get('x-amz-log-result')!, 'base64');
    expect(tail.byteLength).toBeGreaterThan(4_090);
    expect(tail.byteLength).toBeLessThanOrEqual(4_096);
    expect(tail.toString()).not.toContain('\ufffd');
    expect(tail.toString()).toMatch(/Fuel: 4200\t\n$/);
  });
});

describe('the end of an invocation', () => {
  it.each<[string, Outcome, unknown]>([
    [
      'an error of the function',
      { kind: 'function-error', error: { errorType: 'Error', errorMessage: 'no', stackTrace: ['at f'] }, ...ended },
      { errorMessage: 'no', errorType: 'Error', stackTrace: ['at f'] },
    ],
    [
      'a timeout',
      { kind: 'timed-out', cause: 'deadline', limit: 1_000, ...ended },
      {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
      },
    ],
    [
      'spent fuel',
      { kind: 'timed-out', cause: 'fuel', limit: 500, ...ended },
      { errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task ran out of fuel after 500 units$/) },
    ],
    [
      'exhausted memory',
      { kind: 'out-of-memory', ...ended },
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/Error: Runtime exited with error: signal: killed$/),
      },
    ],
    [
      'an error above the limit',
      {
        kind: 'function-error',
        ...ended,
        error: { errorMessage: ' '.repeat(6_291_557), errorType: 'Error' },
      },
      {
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
        errorType: 'Function.ResponseSizeTooLarge',
      },
    ],
  ])('answers 200 Unhandled for %s', async (_what, outcome, body) => {
    const response = await answerTo(outcome);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-function-error')).toBe('Unhandled');
    expect(await response.json()).toEqual(body);
  });

  it('answers 429 with Reason and Retry-After for a refusal', async () => {
    const response = await answerTo({
      kind: 'refused',
      reason: 'ConcurrentInvocationLimitExceeded',
      retryAfterSeconds: 0.2,
    });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.text()).toBe(
      '{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
    );
  });

  it('answers 500 for a crash and tells nothing of it', async () => {
    const response = await answerTo({ kind: 'crashed', reason: 'thread 3 at /secret', ...ended });
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"Type":"Service","Message":"The platform failed under this invocation."}');
  });
});

describe('what is not Invoke', () => {
  it('answers JSON for an unknown path', async () => {
    const response = await createTestGateway().gateway.request('/nothing/here');
    expect(response.status).toBe(404);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    expect(await response.json()).toEqual({ Type: 'User', message: 'No operation answers GET /nothing/here.' });
  });

  it('answers 500 for our own bugs and tells only the operator', async () => {
    const notices: string[] = [];
    const { gateway } = createTestGateway({
      invoke: () => Promise.reject(new Error('inner detail')),
      observer: {
        invocationEnded() {},
        invocationLogged() {},
        artifactLoaded() {},
        asyncEventEnded() {},
        threadDied() {},
        noticed: (_level, message) => notices.push(message),
      },
    });
    const response = await gateway.request(INVOKE_HELLO, post('{}'));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('inner detail');
    expect(notices.join()).toContain('inner detail');
  });

  it('tells health, readiness and metrics', async () => {
    const { gateway } = createTestGateway({ ready: () => false });
    expect((await gateway.request('/healthz')).status).toBe(200);
    expect((await gateway.request('/readyz')).status).toBe(503);
    expect(await (await gateway.request('/metrics')).text()).toBe('isola_up 1\n');
  });

  it('serves an operation with decoded parameters, and tells it the region of the credential scope', async () => {
    const { gateway } = createTestGateway({
      operations: [
        {
          name: 'GetThing',
          method: 'GET',
          path: '/2015-03-31/functions/:FunctionName',
          handle: async ({ params, query, scope }) => ({ status: 201, body: { params, q: query.get('q'), scope } }),
        },
      ],
    });
    const response = await gateway.request('/2015-03-31/functions/a%3A%24b/?q=x%20y+z', {
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/eu-west-1/lambda/aws4_request, SignedHeaders=a',
      },
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      params: { FunctionName: 'a:$b' },
      q: 'x y+z',
      scope: { region: 'eu-west-1', accountId: '000000000000' },
    });
  });
});
