import { type Attributes, type TopicKey, toTopicArn } from './topic-record.ts';

/** How messages come to a subscriber. */
export type Protocol = 'http' | 'https' | 'lambda' | 'sqs';

/** A subscription as it is stored; times are epoch milliseconds. */
export interface SubscriptionRecord {
  readonly topic: TopicKey;
  /** The id of the topic's record. */
  readonly topicId: string;
  readonly id: string;
  readonly protocol: Protocol;
  /** A URL, or an ARN. */
  readonly endpoint: string;
  /** By which host and port we were called when it was subscribed: so links that it is sent reach us. */
  readonly host: string;
  /** Who subscribed, an ARN. */
  readonly principal: string;
  readonly createdAt: number;
  /** What was set, as it was set. */
  readonly attributes: Attributes;
  /** What whoever confirms it must know; absent where nobody need. */
  readonly token?: string;
  /** Nobody has confirmed it yet. */
  readonly isPending?: true;
  /** Someone with a key of the account confirmed it, or subscribed what is the account's own. */
  readonly wasAuthenticated: boolean;
  /** Only someone with a key of the account may end it. */
  readonly isKept?: true;
}

export function toSubscriptionArn({ topic, id }: Pick<SubscriptionRecord, 'topic' | 'id'>): string {
  return `${toTopicArn(topic)}:${id}`;
}

/** A link for a subscriber: to a path, or with a query. */
export function toLink({ host }: Pick<SubscriptionRecord, 'host'>, pathOrQuery: string): string {
  return `http://${host}/${pathOrQuery}`;
}

export function isRaw({ attributes }: SubscriptionRecord): boolean {
  return attributes.RawMessageDelivery === 'true';
}
