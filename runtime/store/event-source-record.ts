/** What records are read from. */
export type EventSourceKind =
  | 'sqs'
  | 'kinesis'
  | 'dynamodb'
  | 'managed-kafka'
  | 'self-managed-kafka'
  | 'mq'
  | 'documentdb';

/** A connection between a source of records and a function. Times are epoch milliseconds. */
export interface EventSourceMappingRecord {
  readonly uuid: string;
  /** With the qualifier, if it leads to a version or an alias. */
  readonly functionArn: string;
  readonly source: EventSourceKind;
  readonly isEnabled: boolean;
  readonly modifiedAt: number;
  readonly settings: EventSourceSettings;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a client sets, defaults filled in. Members are Lambda's own: what is kept is what is shown. */
export interface EventSourceSettings {
  readonly EventSourceArn?: string;
  readonly SelfManagedEventSource?: { readonly Endpoints: { readonly KAFKA_BOOTSTRAP_SERVERS: readonly string[] } };
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly FilterCriteria?: { readonly Filters: readonly { readonly Pattern: string }[] };
  readonly KMSKeyArn?: string;
  readonly MetricsConfig?: { readonly Metrics: readonly string[] };
  readonly LoggingConfig?: { readonly SystemLogLevel?: string };
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly ProvisionedPollerConfig?: PollerSettings;
  readonly ParallelizationFactor?: number;
  readonly StartingPosition?: 'LATEST' | 'AT_TIMESTAMP' | 'TRIM_HORIZON';
  /** Epoch seconds. */
  readonly StartingPositionTimestamp?: number;
  readonly DestinationConfig?: {
    readonly OnSuccess?: { readonly Destination?: string };
    readonly OnFailure?: { readonly Destination?: string };
  };
  readonly MaximumRecordAgeInSeconds?: number;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly MaximumRetryAttempts?: number;
  readonly TumblingWindowInSeconds?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly Topics?: readonly string[];
  readonly Queues?: readonly string[];
  readonly SourceAccessConfigurations?: readonly SourceAccess[];
  readonly AmazonManagedKafkaEventSourceConfig?: KafkaSettings;
  readonly SelfManagedKafkaEventSourceConfig?: KafkaSettings;
  readonly DocumentDBEventSourceConfig?: {
    readonly DatabaseName?: string;
    readonly CollectionName?: string;
    readonly FullDocument?: string;
  };
}

export interface SourceAccess {
  readonly Type?: string;
  readonly URI?: string;
}

export interface PollerSettings {
  readonly MinimumPollers?: number;
  readonly MaximumPollers?: number;
  readonly PollerGroupName?: string;
}

export interface KafkaSettings {
  readonly ConsumerGroupId?: string;
  readonly ConsumptionMode?: string;
  readonly SchemaRegistryConfig?: {
    readonly SchemaRegistryURI?: string;
    readonly EventRecordFormat?: string;
    readonly AccessConfigs?: readonly SourceAccess[];
    readonly SchemaValidationConfigs?: readonly { readonly Attribute?: string }[];
  };
}
