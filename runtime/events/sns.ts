/** A value with its type, as its publisher said it. */
type Attribute = {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
};

/** That a message is ours. */
export interface Signature {
  readonly version: string;
  /** Base64. */
  readonly value: string;
  readonly certificateUrl: string;
}

/** A message of a topic on its way to a subscriber. */
export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly text: string;
  /** ISO 8601, with milliseconds. */
  readonly timestamp: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly unsubscribeUrl: string;
  /** FIFO only. */
  readonly sequenceNumber: string | undefined;
  /** Messages of FIFO topics have none. */
  readonly signature: Signature | undefined;
}

/** What an endpoint is asked before it gets anything. */
export interface SubscriptionQuestion {
  readonly messageId: string;
  readonly topicArn: string;
  readonly token: string;
  readonly subscribeUrl: string;
  readonly timestamp: string;
}

/** The body of a notification for queues and HTTP endpoints: JSON, its members in SNS's order. */
export function toNotificationBody(notification: Notification): string {
  const { attributes, sequenceNumber, signature, unsubscribeUrl } = notification;
  return JSON.stringify({
    Type: 'Notification',
    MessageId: notification.messageId,
    SequenceNumber: sequenceNumber,
    TopicArn: notification.topicArn,
    Subject: notification.subject,
    Message: notification.text,
    Timestamp: notification.timestamp,
    ...toSigned(signature),
    UnsubscribeURL: unsubscribeUrl,
    MessageAttributes: Object.keys(attributes).length === 0 ? undefined : toAttributes(attributes),
  });
}

/** The event of a function: one record, as SNS sends them. */
export function toSnsEvent(notification: Notification, subscriptionArn: string): string {
  const { signature } = notification;
  const record = {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: subscriptionArn,
    Sns: {
      Type: 'Notification',
      MessageId: notification.messageId,
      TopicArn: notification.topicArn,
      Subject: notification.subject ?? null,
      Message: notification.text,
      Timestamp: notification.timestamp,
      SignatureVersion: signature?.version,
      Signature: signature?.value,
      SigningCertUrl: signature?.certificateUrl,
      UnsubscribeUrl: notification.unsubscribeUrl,
      MessageAttributes: toAttributes(notification.attributes),
    },
  };
  return JSON.stringify({ Records: [record] });
}

export function toConfirmationBody(question: SubscriptionQuestion, signature: Signature | undefined): string {
  const { messageId, token, topicArn, subscribeUrl, timestamp } = question;
  return JSON.stringify({
    Type: 'SubscriptionConfirmation',
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: subscribeUrl,
    Timestamp: timestamp,
    ...toSigned(signature),
  });
}

/** What a signature is of: some members of a body, names and values in lines, by name. */
export function toSignedText(body: Readonly<Record<string, unknown>>): string {
  const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  return names.flatMap((name) => (body[name] === undefined ? [] : [`${name}\n${body[name]}\n`])).join('');
}

function toSigned(signature: Signature | undefined): Readonly<Record<string, string>> {
  if (signature === undefined) return {};
  const { version, value, certificateUrl } = signature;
  return { SignatureVersion: version, Signature: value, SigningCertURL: certificateUrl };
}

function toAttributes(attributes: Notification['attributes']): unknown {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: BinaryValue === undefined ? StringValue : Buffer.from(BinaryValue).toString('base64') },
    ]),
  );
}
