/** A record of a Kinesis stream as a poller has it. */
export interface KinesisRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

/** Where it was read, and on whose behalf. */
export interface KinesisOrigin {
  readonly streamArn: string;
  readonly shardId: string;
  /** ARN of the execution role. */
  readonly role: string;
}

/** The record as functions have it: one of the `Records` of an event. */
export interface KinesisEventRecord {
  readonly kinesis: {
    readonly kinesisSchemaVersion: '1.0';
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** Base64. */
    readonly data: string;
    /** Epoch seconds, to the millisecond. */
    readonly approximateArrivalTimestamp: number;
  };
  readonly eventSource: 'aws:kinesis';
  readonly eventVersion: '1.0';
  readonly eventID: string;
  readonly eventName: 'aws:kinesis:record';
  readonly invokeIdentityArn: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
}

export function toKinesisEventRecord(
  { sequenceNumber, partitionKey, data, arrivedAt }: KinesisRecord,
  { streamArn, shardId, role }: KinesisOrigin,
): KinesisEventRecord {
  return {
    kinesis: {
      ...{ kinesisSchemaVersion: '1.0', partitionKey, sequenceNumber },
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      approximateArrivalTimestamp: arrivedAt / 1_000,
    },
    ...{ eventSource: 'aws:kinesis', eventVersion: '1.0', eventID: `${shardId}:${sequenceNumber}` },
    ...{ eventName: 'aws:kinesis:record', invokeIdentityArn: role },
    ...{ awsRegion: streamArn.split(':')[3] ?? '', eventSourceARN: streamArn },
  };
}
