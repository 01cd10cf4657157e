import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { toDeadLetter, toDestinationRecord } from '../../runtime/triggers/event-record.ts';
import { queuedEvent } from '../conformance/event-queue.suite.ts';

const AT = Date.UTC(2026, 10, 21, 12);
const ARN = 'arn:aws:sqs:us-east-1:000000000000:q';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const EVENT = queuedEvent(1, { qualifier: 'live', failures: 2 });
const OUTCOME: Outcome = {
  ...{ kind: 'function-error', error: { errorType: 'E', errorMessage: 'm' }, log: '' },
  report: { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 },
};
const content = (text: string): Uint8Array => new TextEncoder().encode(text);
const failed = (payload: string) => ({ content: content('{"a":1}'), result: { payload, failed: true }, at: AT });

describe('what a destination is told', () => {
  it('of an event that failed too often: how often it ran, and what came of the last time', () => {
    const end = { ending: 'RetriesExhausted', outcome: OUTCOME, executedVersion: '7' } as const;
    const { body, envelope } = toDestinationRecord(ARN, EVENT, end, failed('{"errorType":"E","errorMessage":"m"}'));
    expect(JSON.parse(body)).toEqual({
      ...{ version: '1.0', timestamp: '2026-11-21T12:00:00.000Z' },
      requestContext: {
        ...{ requestId: 'request-1', functionArn: `${FUNCTION}:live` },
        ...{ condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '7', functionError: 'Unhandled' },
      responsePayload: { errorType: 'E', errorMessage: 'm' },
    });
    expect(envelope).toEqual({
      source: 'lambda',
      detailType: 'Lambda Function Invocation Result - Failure',
      resources: [ARN, `${FUNCTION}:live`],
    });
  });

  it('of an event that grew too old: no answer, for there was none this time', () => {
    const told = { content: content('7'), result: undefined, at: AT };
    const { body } = toDestinationRecord(ARN, EVENT, { ending: 'EventAgeExceeded' }, told);
    const record = JSON.parse(body);
    expect(record).toMatchObject({
      ...{ requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 }, requestPayload: 7 },
    });
    expect(Object.keys(record)).toEqual(['version', 'timestamp', 'requestContext', 'requestPayload']);
  });

  it('of an answer that is no JSON: its text', () => {
    const told = { content: content('{}'), result: { payload: content('plain'), failed: false }, at: AT };
    const { body, envelope } = toDestinationRecord(
      ARN,
      queuedEvent(1),
      { ending: 'Success', executedVersion: '1' },
      told,
    );
    expect(JSON.parse(body)).toMatchObject({ responsePayload: 'plain', requestContext: { approximateInvokeCount: 1 } });
    expect(envelope?.detailType).toBe('Lambda Function Invocation Result - Success');
  });

  it('never in characters that a message may not hold', () => {
    const told = { content: content('"\uffff\ufffe"'), result: undefined, at: AT };
    const { body } = toDestinationRecord(ARN, EVENT, { ending: 'EventAgeExceeded' }, told);
    expect(body).not.toMatch(/[\ufffe\uffff]/);
    expect(JSON.parse(body).requestPayload).toBe('\uffff\ufffe');
  });
});

describe('a dead letter', () => {
  const messageOf = (payload: string): string | undefined =>
    toDeadLetter(EVENT, 'RetriesExhausted', failed(payload)).attributes?.ErrorMessage?.StringValue;

  it('is the event as it came, and says beside it what became of it', () => {
    expect(toDeadLetter(EVENT, 'RetriesExhausted', failed('{"errorMessage":"no order"}'))).toEqual({
      body: '{"a":1}',
      attributes: {
        RequestID: { DataType: 'String', StringValue: 'request-1' },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: 'no order' },
      },
    });
  });

  it.each([
    ['{"errorMessage":""}', 'RetriesExhausted'],
    ['{"errorMessage":7}', 'RetriesExhausted'],
    ['[]', 'RetriesExhausted'],
    ['not JSON', 'RetriesExhausted'],
    [JSON.stringify({ errorMessage: 'a\u0000b\ud800c' }), 'a\ufffdb\ufffdc'],
    [JSON.stringify({ errorMessage: 'x'.repeat(2_000) }), 'x'.repeat(1_024)],
    [JSON.stringify({ errorMessage: 'ü'.repeat(2_000) }), 'ü'.repeat(512)],
    [JSON.stringify({ errorMessage: `${'x'.repeat(1_023)}\u{1F600}` }), 'x'.repeat(1_023)],
  ])('of %j says %j', (payload, message) => {
    expect(messageOf(payload)).toBe(message);
  });
});
