import type { Scope } from '../contract/scope.ts';
import { invalidParameter } from './topic-error.ts';

/** Names a topic. */
export interface TopicKey extends Scope {
  readonly name: string;
}

export type Attributes = Readonly<Record<string, string>>;

/** A topic as it is stored; times are epoch milliseconds. */
export interface TopicRecord extends TopicKey {
  /** Of this topic alone: one that is made anew under the name of a deleted one has another. Subscriptions name their topic by it. */
  readonly id: string;
  readonly createdAt: number;
  /** What was set, as it was set. */
  readonly attributes: Attributes;
  readonly tags: Readonly<Record<string, string>>;
  /** Subscriptions that there were. */
  readonly deletedSubscriptions: number;
}

const FIFO_SUFFIX = '.fifo';

export function isFifo({ name }: { readonly name: string }): boolean {
  return name.endsWith(FIFO_SUFFIX);
}

export function toTopicArn({ region, accountId, name }: TopicKey): string {
  return `arn:aws:sns:${region}:${accountId}:${name}`;
}

/** What an ARN names: a topic, or one of its subscriptions. */
export interface TopicArn extends TopicKey {
  readonly subscriptionId: string | undefined;
}

/** Throws an InvalidParameter for what is no ARN of a topic or subscription; `member` is where it was given. */
export function parseTopicArn(arn: string, member: string): TopicArn {
  const parts = arn.split(':');
  if (parts.length < 6) {
    throw invalidParameter(`${member} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  }
  const found = findTopicArn(arn);
  if (found === undefined) throw invalidParameter(member);
  return found;
}

/** Undefined for what is no ARN of a topic or subscription. */
export function findTopicArn(arn: string): TopicArn | undefined {
  const found = /^arn:aws[a-z-]*:sns:([a-z0-9-]{1,64}):(\d{12}):([\w-]{1,256}(?:\.fifo)?)(?::([\da-f-]{36}))?$/.exec(
    arn,
  );
  if (found === null) return undefined;
  return { region: found[1]!, accountId: found[2]!, name: found[3]!, subscriptionId: found[4] };
}
