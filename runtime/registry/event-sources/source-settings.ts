import { LambdaError } from '../../contract/errors.ts';
import { PatternError, parsePattern } from '../../patterns/index.ts';
import type { EventSourceKind, EventSourceSettings } from '../../store/event-source-record.ts';
import { isFifo, isStream } from './source-kind.ts';

type Member = keyof EventSourceSettings;

const COMMON: readonly Member[] = [
  ...(['EventSourceArn', 'BatchSize', 'MaximumBatchingWindowInSeconds', 'FilterCriteria'] as const),
  ...(['KMSKeyArn', 'MetricsConfig'] as const),
];
const POSITION: readonly Member[] = ['StartingPosition', 'StartingPositionTimestamp'];
const FAILURES: readonly Member[] = [
  ...(['DestinationConfig', 'MaximumRecordAgeInSeconds', 'BisectBatchOnFunctionError'] as const),
  ...(['MaximumRetryAttempts', 'FunctionResponseTypes'] as const),
];
const STREAM: readonly Member[] = [...POSITION, ...FAILURES, 'ParallelizationFactor', 'TumblingWindowInSeconds'];
const KAFKA: readonly Member[] = [
  ...POSITION,
  ...FAILURES,
  ...(['Topics', 'SourceAccessConfigurations', 'ProvisionedPollerConfig', 'LoggingConfig'] as const),
];

/** What each kind of source can be told beyond what all of them can. */
const SUPPORTED: Readonly<Record<EventSourceKind, readonly Member[]>> = {
  sqs: ['FunctionResponseTypes', 'ScalingConfig', 'ProvisionedPollerConfig'],
  kinesis: STREAM,
  dynamodb: STREAM,
  'managed-kafka': [...KAFKA, 'AmazonManagedKafkaEventSourceConfig'],
  'self-managed-kafka': [...KAFKA, 'SelfManagedEventSource', 'SelfManagedKafkaEventSourceConfig'],
  mq: ['Queues', 'SourceAccessConfigurations'],
  documentdb: [...POSITION, 'SourceAccessConfigurations', 'DocumentDBEventSourceConfig'],
};

const REQUIRED: Readonly<Partial<Record<EventSourceKind, readonly Member[]>>> = {
  'managed-kafka': ['Topics'],
  'self-managed-kafka': ['SourceAccessConfigurations', 'Topics'],
  mq: ['Queues', 'SourceAccessConfigurations'],
  documentdb: ['DocumentDBEventSourceConfig', 'SourceAccessConfigurations'],
};

const STREAM_DEFAULTS: EventSourceSettings = {
  BatchSize: 100,
  MaximumBatchingWindowInSeconds: 0,
  ParallelizationFactor: 1,
  DestinationConfig: { OnFailure: {} },
  MaximumRecordAgeInSeconds: -1,
  BisectBatchOnFunctionError: false,
  MaximumRetryAttempts: -1,
  TumblingWindowInSeconds: 0,
  FunctionResponseTypes: [],
};
const FIFO_BATCH = 10;

/** Settings as they are kept: what `given` names over what was there, or over the defaults of its kind. */
export function completeSettings(
  kind: EventSourceKind,
  given: EventSourceSettings,
  current: EventSourceSettings = defaultsOf(kind),
): EventSourceSettings {
  assertSupported(kind, given);
  const all: EventSourceSettings = { ...current, ...given };
  for (const member of REQUIRED[kind] ?? []) {
    if (all[member] === undefined) throw missing(member);
  }
  assertBatches(kind, all);
  assertFilters(all);
  return withoutEmpty(kind, all);
}

/** Throws what Lambda says of where a new mapping is to start reading. */
export function assertStart(kind: EventSourceKind, given: EventSourceSettings): void {
  const { StartingPosition: position, StartingPositionTimestamp: timestamp } = given;
  if (kind === 'sqs' && (position !== undefined || timestamp !== undefined)) {
    throw refused('StartingPosition is not valid for SQS event sources.');
  }
  if (position === undefined && isStream(kind)) {
    throw refused(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (position === 'AT_TIMESTAMP' && kind === 'dynamodb') {
    throw refused(`Unsupported starting position for arn type: ${given.EventSourceArn}`);
  }
  if (timestamp !== undefined && timestamp < 0) {
    throw refused(
      'Received Exception while reading from provided stream. class java.lang.Long can not be converted to a Timestamp',
    );
  }
  if (position === 'AT_TIMESTAMP' && timestamp === undefined) {
    throw missing('StartingPositionTimestamp');
  }
  if (position !== 'AT_TIMESTAMP' && timestamp !== undefined) {
    throw refused('Timestamp only valid with StartingPosition AT_TIMESTAMP');
  }
}

function defaultsOf(kind: EventSourceKind): EventSourceSettings {
  if (kind === 'sqs') return { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] };
  return isStream(kind) ? STREAM_DEFAULTS : { BatchSize: 100 };
}

function assertSupported(kind: EventSourceKind, given: EventSourceSettings): void {
  for (const member of Object.keys(given) as Member[]) {
    if (!COMMON.includes(member) && !SUPPORTED[kind].includes(member)) throw unsupported(member);
  }
  if (given.DestinationConfig?.OnSuccess?.Destination !== undefined) throw unsupported('DestinationConfig');
}

function assertBatches(kind: EventSourceKind, all: EventSourceSettings): void {
  if (kind !== 'sqs') return;
  const { BatchSize: size = 0, MaximumBatchingWindowInSeconds: window = 0, EventSourceArn: arn } = all;
  if (isFifo(arn)) {
    if (size > FIFO_BATCH) throw refused(`Batch size must not be greater than ${FIFO_BATCH} for FIFO queues.`);
    if (window > 0) throw refused('Batching window is not supported for FIFO queues.');
  }
  if (size > 10 && window === 0) {
    throw refused('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
}

function assertFilters({ FilterCriteria: criteria }: EventSourceSettings): void {
  for (const { Pattern: pattern } of criteria?.Filters ?? []) {
    try {
      parsePattern(pattern);
    } catch (error) {
      if (error instanceof PatternError) throw refused('Invalid filter pattern definition.');
      throw error;
    }
  }
}

/** An empty object takes a setting away; what then is the default stays. */
function withoutEmpty(kind: EventSourceKind, all: EventSourceSettings): EventSourceSettings {
  const { FilterCriteria, ScalingConfig, ProvisionedPollerConfig, DestinationConfig, ...rest } = all;
  const destination = DestinationConfig?.OnFailure?.Destination;
  const onFailure = { DestinationConfig: { OnFailure: destination ? { Destination: destination } : {} } };
  return {
    ...rest,
    ...(FilterCriteria?.Filters.length ? { FilterCriteria } : {}),
    ...(ScalingConfig?.MaximumConcurrency === undefined ? {} : { ScalingConfig }),
    ...(Object.keys(ProvisionedPollerConfig ?? {}).length === 0 ? {} : { ProvisionedPollerConfig }),
    ...(isStream(kind) || destination ? onFailure : {}),
  } as EventSourceSettings;
}

function unsupported(member: Member): LambdaError {
  return refused(`Unsupported ${member} parameter for given event source mapping type.`);
}

function missing(member: Member): LambdaError {
  return refused(`Required '${member.charAt(0).toLowerCase()}${member.slice(1)}' parameter is missing.`);
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
