/** A message of a queue as a poller has it. */
export interface SqsMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** System attributes, such as `ApproximateReceiveCount`, all of them as text. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, SqsMessageAttribute>>;
  readonly md5OfMessageAttributes?: string | undefined;
}

export interface SqsMessageAttribute {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

/** A message as functions have it: one of the `Records` of an event. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, SqsRecordAttribute>>;
  readonly md5OfBody: string;
  readonly md5OfMessageAttributes?: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** Bytes are base64. */
export interface SqsRecordAttribute {
  readonly stringValue?: string;
  readonly binaryValue?: string;
  readonly stringListValues: readonly string[];
  readonly binaryListValues: readonly string[];
  readonly dataType: string;
}

export function toSqsRecord(message: SqsMessage, queueArn: string): SqsRecord {
  const { messageId, receiptHandle, body, attributes, md5OfBody, md5OfMessageAttributes: md5 } = message;
  const messageAttributes = Object.entries(message.messageAttributes).map(([name, value]) => [name, toShown(value)]);
  return {
    ...{ messageId, receiptHandle, body, attributes, messageAttributes: Object.fromEntries(messageAttributes) },
    md5OfBody,
    ...(md5 === undefined ? {} : { md5OfMessageAttributes: md5 }),
    ...{ eventSource: 'aws:sqs', eventSourceARN: queueArn, awsRegion: queueArn.split(':')[3] ?? '' },
  };
}

function toShown({ DataType: dataType = '', StringValue: text, BinaryValue: bytes }: SqsMessageAttribute) {
  return {
    ...(text === undefined ? {} : { stringValue: text }),
    ...(bytes === undefined ? {} : { binaryValue: Buffer.from(bytes).toString('base64') }),
    ...{ stringListValues: [], binaryListValues: [], dataType },
  };
}
