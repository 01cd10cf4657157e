import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventSourceOperations } from '../../../runtime/gateway/lambda-api/event-source-mappings.ts';
import type { Operation } from '../../../runtime/gateway/lambda-api/operation.ts';
import { tagOperations } from '../../../runtime/gateway/lambda-api/tags.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from '../../registry/fixture.ts';
import { createCaller } from './fixture.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2025-02-17T16:33:01.784';
const SQS = { FunctionName: 'f', EventSourceArn: QUEUE };
const KINESIS = { FunctionName: 'f', EventSourceArn: STREAM, StartingPosition: 'LATEST' };
const OWN_KAFKA = {
  FunctionName: 'f',
  SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka:9092'] } },
  Topics: ['t'],
  SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:s' }],
};
const MSK = { FunctionName: 'f', EventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/c/uuid', Topics: ['t'] };
const MQ = {
  FunctionName: 'f',
  EventSourceArn: 'arn:aws:mq:us-east-1:000000000000:broker:b:b-1',
  Queues: ['q'],
  SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:s' }],
};

interface Mapping {
  readonly UUID: string;
  readonly State: string;
  readonly [member: string]: unknown;
}

describe('the operations on event-source mappings', () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.versions.publish(SCOPE, 'f', {});
    const operations: Operation[] = [...eventSourceOperations(bench.registry), ...tagOperations(bench.registry)];
    call = createCaller(operations);
  });
  afterEach(() => bench.dispose());

  async function create(body: unknown): Promise<Mapping> {
    const created = await call('CreateEventSourceMapping', { body });
    expect(created.status).toBe(202);
    return created.body as Mapping;
  }
  const get = async (UUID: string): Promise<Mapping> =>
    (await call('GetEventSourceMapping', { params: { UUID } })).body as Mapping;
  const update = async (UUID: string, body: unknown): Promise<Mapping> => {
    const updated = await call('UpdateEventSourceMapping', { params: { UUID }, body });
    expect(updated.status).toBe(202);
    return updated.body as Mapping;
  };
  const list = async (query: Record<string, string> = {}) =>
    (await call('ListEventSourceMappings', { query })).body as { EventSourceMappings: Mapping[]; NextMarker?: string };

  it('show a queue with the defaults of queues', async () => {
    const created = await create(SQS);
    expect(created).toEqual({
      UUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      EventSourceArn: QUEUE,
      FunctionArn: FUNCTION,
      LastModified: expect.any(Number),
      State: 'Creating',
      StateTransitionReason: 'USER_INITIATED',
      FunctionResponseTypes: [],
      EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${created.UUID}`,
    });
    expect(created.LastModified).toBeCloseTo(1_586_545_592, -3);
    expect(await get(created.UUID)).toEqual({ ...created, State: 'Enabled' });
  });

  it('show a stream with the defaults of streams', async () => {
    const created = await create(KINESIS);
    expect(created).toEqual({
      UUID: created.UUID,
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 1,
      StartingPosition: 'LATEST',
      EventSourceArn: STREAM,
      FunctionArn: FUNCTION,
      LastModified: expect.any(Number),
      LastProcessingResult: 'No records processed',
      State: 'Creating',
      StateTransitionReason: 'User action',
      DestinationConfig: { OnFailure: {} },
      MaximumRecordAgeInSeconds: -1,
      BisectBatchOnFunctionError: false,
      MaximumRetryAttempts: -1,
      TumblingWindowInSeconds: 0,
      FunctionResponseTypes: [],
      EventSourceMappingArn: expect.stringContaining(created.UUID),
    });
  });

  it.each([
    ['a table', { ...KINESIS, EventSourceArn: TABLE, StartingPosition: 'TRIM_HORIZON' }],
    ['a moment', { ...KINESIS, StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1_700_000_000.5 }],
    ['Kafka of our own', OWN_KAFKA],
    ['managed Kafka', { ...MSK, AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g' } }],
    ['a broker', MQ],
    ['a filter', { ...SQS, FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] } }],
    ['few at a time', { ...SQS, ScalingConfig: { MaximumConcurrency: 2 } }],
    ['partial failures', { ...SQS, FunctionResponseTypes: ['ReportBatchItemFailures'] }],
    ['large batches', { ...SQS, BatchSize: 10_000, MaximumBatchingWindowInSeconds: 300 }],
    ['failures elsewhere', { ...KINESIS, DestinationConfig: { OnFailure: { Destination: QUEUE } } }],
  ])('keep what they were told of %s, also through a crash', async (_what, body) => {
    const created = await create(body);
    const { FunctionName: _, ...settings } = body;
    expect(created).toMatchObject({ ...settings, FunctionArn: FUNCTION });
    const reopened = createCaller(eventSourceOperations(await bench.reopen()));
    const found = await reopened('GetEventSourceMapping', { params: { UUID: created.UUID } });
    expect(found.body).toEqual({ ...created, State: 'Enabled' });
  });

  it('disable, enable and update, with the state between in the answer', async () => {
    const { UUID } = await create({ ...SQS, Enabled: false });
    expect((await get(UUID)).State).toBe('Disabled');
    expect((await update(UUID, { Enabled: true })).State).toBe('Enabling');
    expect((await get(UUID)).State).toBe('Enabled');
    expect(await update(UUID, { BatchSize: 5, EventSourceArn: STREAM })).toMatchObject({
      State: 'Updating',
      BatchSize: 5,
      EventSourceArn: QUEUE,
    });
    expect((await update(UUID, { Enabled: false })).State).toBe('Disabling');
    expect(await update(UUID, { FunctionName: 'f:1' })).toMatchObject({ FunctionArn: `${FUNCTION}:1` });
    expect(await get(UUID)).toMatchObject({ State: 'Disabled', BatchSize: 5, FunctionArn: `${FUNCTION}:1` });
  });

  it('take a setting away where an update empties it', async () => {
    const { UUID } = await create({
      ...{ ...SQS, ScalingConfig: { MaximumConcurrency: 2 } },
      FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] },
    });
    await update(UUID, { ScalingConfig: {}, FilterCriteria: {} });
    expect(Object.keys(await get(UUID))).not.toEqual(expect.arrayContaining(['ScalingConfig']));
    expect(Object.keys(await get(UUID))).not.toEqual(expect.arrayContaining(['FilterCriteria']));
    const stream = await create({ ...KINESIS, DestinationConfig: { OnFailure: { Destination: QUEUE } } });
    expect(await update(stream.UUID, { DestinationConfig: {} })).toMatchObject({
      DestinationConfig: { OnFailure: {} },
    });
  });

  it('delete one, and then it is gone', async () => {
    const { UUID } = await create(SQS);
    const params = { UUID };
    const deleted = await call('DeleteEventSourceMapping', { params });
    expect(deleted).toMatchObject({ status: 202, body: { UUID, State: 'Deleting' } });
    for (const name of ['Get', 'Update', 'Delete']) {
      await expect(call(`${name}EventSourceMapping`, { params })).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
        message: 'The resource you requested does not exist.',
      });
    }
    await create(SQS);
  });

  it('list by source, by function and in pages', async () => {
    for (let i = 0; i < 5; i++) await create({ ...SQS, EventSourceArn: `${QUEUE}-${i}` });
    const one = await create({ ...SQS, FunctionName: 'f:1' });
    const uuids = (page: { EventSourceMappings: Mapping[] }) => page.EventSourceMappings.map(({ UUID }) => UUID);
    expect(uuids(await list()).length).toBe(6);
    expect(uuids(await list({ EventSourceArn: QUEUE }))).toEqual([one.UUID]);
    expect(uuids(await list({ FunctionName: 'f' })).length).toBe(5);
    expect(uuids(await list({ FunctionName: `${FUNCTION}:1` }))).toEqual([one.UUID]);
    expect(uuids(await list({ FunctionName: 'f', EventSourceArn: QUEUE }))).toEqual([]);
    const paged: string[] = [];
    for (let query: Record<string, string> | undefined = { MaxItems: '4' }; query; ) {
      const page = await list(query);
      paged.push(...uuids(page));
      query = page.NextMarker === undefined ? undefined : { MaxItems: '4', Marker: page.NextMarker };
    }
    expect(paged).toEqual(uuids(await list()));
    expect((await call('ListEventSourceMappings', { region: 'eu-west-1' })).body).toEqual({ EventSourceMappings: [] });
  });

  it('refuse a second one between the same two', async () => {
    const queue = await create(SQS);
    await expect(create({ ...SQS, FunctionName: FUNCTION })).rejects.toMatchObject({
      code: 'ResourceConflictException',
      message: `An event source mapping with SQS arn (" ${QUEUE} ") and function (" f ") already exists. Please update or delete the existing mapping with UUID ${queue.UUID}`,
    });
    const stream = await create(KINESIS);
    await expect(create(KINESIS)).rejects.toMatchObject({
      code: 'ResourceConflictException',
      message: `The event source arn (" ${STREAM} ") and function (" f ") provided mapping already exists. Please update or delete the existing mapping with UUID ${stream.UUID}`,
    });
    const other = await create({ ...SQS, FunctionName: 'f:1' });
    await expect(update(other.UUID, { FunctionName: 'f' })).rejects.toMatchObject({
      code: 'ResourceConflictException',
    });
    const raced = await Promise.allSettled([1, 2, 3].map(() => create({ ...SQS, EventSourceArn: `${QUEUE}-2` })));
    expect(raced.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });

  it('outlive their function', async () => {
    const { UUID } = await create(SQS);
    await bench.registry.delete(SCOPE, 'f');
    expect(await get(UUID)).toMatchObject({ FunctionArn: FUNCTION });
    expect((await list({ FunctionName: 'f' })).EventSourceMappings.length).toBe(1);
  });

  it('have tags', async () => {
    const { UUID } = await create({ ...SQS, Tags: { a: '1' } });
    const params = { Resource: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}` };
    expect((await call('ListTags', { params })).body).toEqual({ Tags: { a: '1' } });
    expect(await call('TagResource', { params, body: { Tags: { b: '2' } } })).toEqual({ status: 204 });
    expect(await call('UntagResource', { params, query: { tagKeys: 'a' } })).toEqual({ status: 204 });
    expect((await call('ListTags', { params })).body).toEqual({ Tags: { b: '2' } });
    await expect(call('ListTags', { params, region: 'eu-west-1' })).rejects.toThrow('does not exist');
    const gone = { Resource: `${params.Resource.slice(0, -1)}x` };
    for (const name of ['ListTags', 'TagResource']) {
      const asked = call(name, { params: gone, ...(name === 'TagResource' ? { body: { Tags: {} } } : {}) });
      await expect(asked).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    }
  });

  it.each<[unknown, string]>([
    [{ FunctionName: 'f' }, 'Unrecognized event source.'],
    [{ ...SQS, EventSourceArn: 'arn:aws:sns:us-east-1:000000000000:topic' }, 'Unrecognized event source.'],
    [{ ...SQS, FunctionName: 'gone' }, 'Function does not exist'],
    [{ ...SQS, FunctionName: 'f:7' }, 'Function does not exist'],
    [{ ...SQS, FunctionName: 'f:live' }, 'Function does not exist'],
    [{ ...SQS, StartingPosition: 'LATEST' }, 'StartingPosition is not valid for SQS event sources.'],
    [
      { ...SQS, BatchSize: 11 },
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    ],
    [{ ...SQS, EventSourceArn: `${QUEUE}.fifo`, BatchSize: 11, MaximumBatchingWindowInSeconds: 1 }, 'FIFO'],
    [{ ...SQS, FilterCriteria: { Filters: [{ Pattern: '{"a":"b"}' }] } }, 'Invalid filter pattern definition.'],
    [{ ...SQS, FilterCriteria: { Filters: [{}] } }, 'Invalid filter pattern definition.'],
    [
      { ...SQS, ParallelizationFactor: 2 },
      'Unsupported ParallelizationFactor parameter for given event source mapping',
    ],
    [
      { ...KINESIS, DestinationConfig: { OnSuccess: { Destination: QUEUE } } },
      'Unsupported DestinationConfig parameter for given event source mapping type.',
    ],
    [{ ...KINESIS, ScalingConfig: { MaximumConcurrency: 2 } }, 'Unsupported ScalingConfig parameter'],
    [
      { FunctionName: 'f', EventSourceArn: STREAM },
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    ],
    [{ ...KINESIS, StartingPositionTimestamp: 1 }, 'Timestamp only valid with StartingPosition AT_TIMESTAMP'],
    [{ ...KINESIS, StartingPosition: 'AT_TIMESTAMP' }, "Required 'startingPositionTimestamp' parameter is missing."],
    [
      { ...KINESIS, EventSourceArn: TABLE, StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: -1 },
      `Unsupported starting position for arn type: ${TABLE}`,
    ],
    [{ ...OWN_KAFKA, SourceAccessConfigurations: null }, "Required 'sourceAccessConfigurations' parameter is missing."],
    [{ ...MSK, Topics: undefined }, "Required 'topics' parameter is missing."],
  ])('refuse %j as an invalid parameter', async (body, message) => {
    await expect(create(body)).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: expect.stringContaining(message),
    });
    expect((await list()).EventSourceMappings).toEqual([]);
  });

  it.each<[unknown, string]>([
    [{ EventSourceArn: QUEUE }, "Value null at 'functionName'"],
    [
      { ...KINESIS, StartingPosition: '0' },
      "1 validation error detected: Value '0' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
    ],
    [{ ...SQS, BatchSize: 0 }, "at 'batchSize'"],
    [{ ...SQS, BatchSize: 10_001 }, 'Member must have value less than or equal to 10000'],
    [{ ...SQS, MaximumBatchingWindowInSeconds: 301 }, "at 'maximumBatchingWindowInSeconds'"],
    [{ ...KINESIS, ParallelizationFactor: 11 }, "at 'parallelizationFactor'"],
    [{ ...KINESIS, MaximumRetryAttempts: -2 }, "at 'maximumRetryAttempts'"],
    [{ ...SQS, ScalingConfig: { MaximumConcurrency: 1 } }, "at 'scalingConfig.maximumConcurrency'"],
    [{ ...SQS, EventSourceArn: 'orders' }, "at 'eventSourceArn'"],
    [{ ...SQS, FunctionResponseTypes: ['All'] }, "at 'functionResponseTypes'"],
    [{ ...OWN_KAFKA, Topics: [] }, "at 'topics'"],
    [{ ...OWN_KAFKA, SelfManagedEventSource: {} }, 'Member must not be null'],
    [{ ...OWN_KAFKA, SourceAccessConfigurations: [{ Type: 'NONE' }] }, "at 'sourceAccessConfigurations.type'"],
    [{ ...SQS, FilterCriteria: { Filters: Array(11).fill({ Pattern: '{}' }) } }, "at 'filterCriteria.filters'"],
    [{ ...SQS, FilterCriteria: { Filters: [{ Pattern: 'x'.repeat(4_097) }] } }, 'less than or equal to 4096'],
    [{ ...SQS, BatchSize: '10' }, 'BatchSize must be a whole number'],
    [{ ...SQS, Enabled: 'yes' }, 'Enabled must be true or false'],
    [{ ...SQS, FilterCriteria: { Filters: {} } }, 'FilterCriteria.Filters must be a list of objects'],
    [{ ...SQS, FilterCriteria: [] }, 'FilterCriteria must be an object'],
    [{ ...KINESIS, StartingPositionTimestamp: 'now' }, 'StartingPositionTimestamp must be a number'],
    [{ ...SQS, Tags: { 'aws:a': 'b' } }, 'aws:'],
  ])('refuse %j', async (body, message) => {
    await expect(create(body)).rejects.toThrow(message);
    expect((await list()).EventSourceMappings).toEqual([]);
  });
});
