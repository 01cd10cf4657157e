import type { Scope } from '../contract/scope.ts';

/** Names a queue. */
export interface QueueKey extends Scope {
  readonly name: string;
}

/** A queue as it is stored; times are epoch milliseconds. */
export interface QueueRecord extends QueueKey {
  /** Of this queue alone: one that is made anew under the name of a deleted one has another. Messages name their queue by it. */
  readonly id: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** What was set, as it was set. */
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
}

export type QueueAttributes = Readonly<Record<string, string>>;

const FIFO_SUFFIX = '.fifo';

export function isFifo({ name }: { readonly name: string }): boolean {
  return name.endsWith(FIFO_SUFFIX);
}

export function toQueueArn({ region, accountId, name }: QueueKey): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

/** Undefined for what is no ARN of a queue. */
export function parseQueueArn(arn: string): QueueKey | undefined {
  const found = /^arn:aws[a-z-]*:sqs:([a-z0-9-]{1,64}):(\d{12}):([\w-]{1,80}(?:\.fifo)?)$/.exec(arn);
  return found === null ? undefined : { region: found[1]!, accountId: found[2]!, name: found[3]! };
}
