import { describe, expect, it } from 'vitest';
import { toSourceKind } from '../../../runtime/registry/event-sources/source-kind.ts';
import { completeSettings } from '../../../runtime/registry/event-sources/source-settings.ts';

const at = (rest: string): string => `arn:aws:${rest}`;
const KAFKA = { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['k:9092'] } };

describe("a mapping's source", () => {
  it.each([
    ['sqs:us-east-1:000000000000:orders.fifo', 'sqs'],
    ['kinesis:us-east-1:000000000000:stream/s', 'kinesis'],
    ['kinesis:us-east-1:000000000000:stream/s/consumer/c:1', 'kinesis'],
    ['dynamodb:us-east-1:000000000000:table/t/stream/2025-02-17T16:33:01.784', 'dynamodb'],
    ['kafka:us-east-1:000000000000:cluster/c/u', 'managed-kafka'],
    ['mq:us-east-1:000000000000:broker:b:b-1', 'mq'],
    ['rds:us-east-1:000000000000:cluster:docs', 'documentdb'],
    ['sns:us-east-1:000000000000:topic', undefined],
    ['dynamodb:us-east-1:000000000000:table/t', undefined],
    ['sqs:us-east-1:000000000000:a/b', undefined],
  ])('%s is %s', (arn, kind) => {
    expect(toSourceKind({ EventSourceArn: at(arn) })).toBe(kind);
  });

  it('is Kafka of our own where servers are named, and nothing where there is a source besides', () => {
    expect(toSourceKind({ SelfManagedEventSource: KAFKA })).toBe('self-managed-kafka');
    expect(
      toSourceKind({ SelfManagedEventSource: KAFKA, EventSourceArn: at('sqs:us-east-1:000000000000:q') }),
    ).toBeUndefined();
    expect(toSourceKind({})).toBeUndefined();
  });
});

describe('settings', () => {
  const queue = { EventSourceArn: at('sqs:us-east-1:000000000000:q') };

  it('have the defaults of their kind at first, and what was there later', () => {
    const first = completeSettings('sqs', { ...queue, BatchSize: 5 });
    expect(first).toEqual({ ...queue, BatchSize: 5, MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] });
    const later = completeSettings('sqs', { MaximumBatchingWindowInSeconds: 2 }, first);
    expect(later).toEqual({ ...first, MaximumBatchingWindowInSeconds: 2 });
  });

  it('are looked at as a whole: what was allowed before can be wrong with what comes', () => {
    const large = completeSettings('sqs', { ...queue, BatchSize: 100, MaximumBatchingWindowInSeconds: 1 });
    expect(() => completeSettings('sqs', { MaximumBatchingWindowInSeconds: 0 }, large)).toThrow(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  });
});
