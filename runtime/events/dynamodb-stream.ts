/** A value as DynamoDB has it, such as `{ S: 'text' }`; bytes may be within. */
export type AttributeValue = object;
export type Image = Readonly<Record<string, AttributeValue>>;

/** A change of an item as a poller has it. */
export interface DynamodbChange {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly sequenceNumber: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly keys: Image;
  readonly newImage?: Image | undefined;
  readonly oldImage?: Image | undefined;
  readonly sizeBytes: number;
  readonly streamViewType: string;
  /** Whose change it was, where that was a service's: items that expire are DynamoDB's own. */
  readonly userIdentity?: { readonly type: string; readonly principalId: string } | undefined;
}

/** The change as functions have it: one of the `Records` of an event. */
export interface DynamodbEventRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Image;
    readonly NewImage?: Image;
    readonly OldImage?: Image;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
  readonly eventSourceARN: string;
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
}

export function toDynamodbEventRecord(change: DynamodbChange, streamArn: string): DynamodbEventRecord {
  const { eventID, eventName, eventVersion, newImage, oldImage, userIdentity } = change;
  return {
    ...{ eventID, eventName, eventVersion, eventSource: 'aws:dynamodb', awsRegion: streamArn.split(':')[3] ?? '' },
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(change.createdAt / 1_000),
      Keys: toPlain(change.keys),
      ...(newImage === undefined ? {} : { NewImage: toPlain(newImage) }),
      ...(oldImage === undefined ? {} : { OldImage: toPlain(oldImage) }),
      ...{ SequenceNumber: change.sequenceNumber, SizeBytes: change.sizeBytes },
      StreamViewType: change.streamViewType,
    },
    eventSourceARN: streamArn,
    ...(userIdentity === undefined ? {} : { userIdentity }),
  };
}

/** Bytes in base64, wherever they are. */
function toPlain<Value>(value: Value): Value {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64') as Value;
  if (Array.isArray(value)) return value.map(toPlain) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([name, each]) => [name, toPlain<unknown>(each)])) as Value;
}
