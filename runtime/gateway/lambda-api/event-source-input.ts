import type { Constraints } from '../../registry/constraints.ts';
import type { EventSourceSettings } from '../../registry/function-registry.ts';
import { parseAccess, parseKafka, parseOwnKafka } from './kafka-source-input.ts';
import { assertItems, bounded, choices, nested, present, texts, toMember } from './member-values.ts';
import type { Members } from './members.ts';

const ARN = /^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-])+:((?:[a-z]{2}(?:-[a-z]+)+-\d)?):((?:\d{12})?):([^\p{Cc}]*)$/u;
const ARN_SHOWN =
  'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)';
const NUMBERS = {
  BatchSize: { min: 1, max: 10_000 },
  MaximumBatchingWindowInSeconds: { min: 0, max: 300 },
  ParallelizationFactor: { min: 1, max: 10 },
  MaximumRecordAgeInSeconds: { min: -1, max: 604_800 },
  MaximumRetryAttempts: { min: -1, max: 10_000 },
  TumblingWindowInSeconds: { min: 0, max: 900 },
} as const;
const POSITIONS = ['LATEST', 'AT_TIMESTAMP', 'TRIM_HORIZON'] as const;
const PATTERN_LENGTH = 4_096;
const FILTERS = 10;

/** Reads what Create and Update of event-source mappings may set. Collects what is wrong by itself in `constraints`. */
export function parseSourceSettings(members: Members, constraints: Constraints): EventSourceSettings {
  const numbers = Object.entries(NUMBERS).map(([name, bounds]) => {
    const value = members.integer(name);
    constraints.range(toMember(name), value, bounds);
    return [name, value] as const;
  });
  const position = members.text('StartingPosition');
  const source = members.text('EventSourceArn');
  constraints.matches('eventSourceArn', source, ARN, ARN_SHOWN);
  return present({
    ...Object.fromEntries(numbers),
    EventSourceArn: source,
    SelfManagedEventSource: parseOwnKafka(members, constraints),
    StartingPosition: constraints.oneOf('startingPosition', position, POSITIONS),
    StartingPositionTimestamp: members.number('StartingPositionTimestamp'),
    BisectBatchOnFunctionError: members.flag('BisectBatchOnFunctionError'),
    FilterCriteria: parseFilters(members, constraints),
    KMSKeyArn: bounded(members, constraints, 'KMSKeyArn', 2_048),
    MetricsConfig: nested(members, 'MetricsConfig', (config) => ({
      Metrics: choices(config, constraints, 'Metrics', ['EventCount', 'ErrorCount', 'KafkaMetrics']) ?? [],
    })),
    LoggingConfig: nested(members, 'LoggingConfig', (config) => ({
      SystemLogLevel: constraints.oneOf('loggingConfig.systemLogLevel', config.text('SystemLogLevel'), [
        'DEBUG',
        'INFO',
        'WARN',
      ]),
    })),
    ScalingConfig: nested(members, 'ScalingConfig', (config) => {
      const most = config.integer('MaximumConcurrency');
      constraints.range('scalingConfig.maximumConcurrency', most, { min: 2, max: 1_000 });
      return { MaximumConcurrency: most };
    }),
    ProvisionedPollerConfig: nested(members, 'ProvisionedPollerConfig', (config) => {
      const [least, most] = [config.integer('MinimumPollers'), config.integer('MaximumPollers')];
      constraints.range('provisionedPollerConfig.minimumPollers', least, { min: 1, max: 200 });
      constraints.range('provisionedPollerConfig.maximumPollers', most, { min: 1, max: 2_000 });
      const group = bounded(config, constraints, 'PollerGroupName', 128);
      return { MinimumPollers: least, MaximumPollers: most, PollerGroupName: group };
    }),
    DestinationConfig: nested(members, 'DestinationConfig', (config) => ({
      OnSuccess: parseDestination(config, constraints, 'OnSuccess'),
      OnFailure: parseDestination(config, constraints, 'OnFailure'),
    })),
    FunctionResponseTypes: choices(members, constraints, 'FunctionResponseTypes', ['ReportBatchItemFailures']),
    Topics: texts(members, constraints, 'Topics', { items: 1, length: 249 }),
    Queues: texts(members, constraints, 'Queues', { items: 1, length: 1_000 }),
    SourceAccessConfigurations: parseAccess(members, constraints, 'SourceAccessConfigurations'),
    AmazonManagedKafkaEventSourceConfig: parseKafka(members, constraints, 'AmazonManagedKafkaEventSourceConfig'),
    SelfManagedKafkaEventSourceConfig: parseKafka(members, constraints, 'SelfManagedKafkaEventSourceConfig'),
    DocumentDBEventSourceConfig: nested(members, 'DocumentDBEventSourceConfig', (config) => ({
      DatabaseName: bounded(config, constraints, 'DatabaseName', 63),
      CollectionName: bounded(config, constraints, 'CollectionName', 57),
      FullDocument: constraints.oneOf('documentDBEventSourceConfig.fullDocument', config.text('FullDocument'), [
        'UpdateLookup',
        'Default',
      ]),
    })),
  }) as EventSourceSettings;
}

function parseFilters(members: Members, constraints: Constraints): EventSourceSettings['FilterCriteria'] {
  return nested(members, 'FilterCriteria', (criteria) => {
    const filters = criteria.list('Filters') ?? [];
    assertItems(constraints, 'filterCriteria.filters', filters, FILTERS);
    return {
      Filters: filters.slice(0, FILTERS).map((filter) => {
        const pattern = filter.text('Pattern');
        constraints.length('filterCriteria.filters.pattern', pattern, { max: PATTERN_LENGTH });
        return { Pattern: pattern ?? '' };
      }),
    };
  });
}

function parseDestination(config: Members, constraints: Constraints, name: 'OnSuccess' | 'OnFailure') {
  return nested(config, name, (each) => {
    const destination = each.text('Destination');
    constraints.length(`destinationConfig.${toMember(name)}.destination`, destination, { max: 350 });
    constraints.matches(
      `destinationConfig.${toMember(name)}.destination`,
      destination || undefined,
      /^(arn:[^\s\p{Cc}]+|kafka:\/\/[^\s\p{Cc}]+)$/u,
    );
    return present({ Destination: destination });
  });
}
