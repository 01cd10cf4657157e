import type { Delivery, DeliveryAttributes, Sender } from './delivery.ts';

/** How often and how long a delivery that failed is tried again. What was refused is not. */
export interface RetryTerms {
  /** Further attempts after the first. */
  readonly attempts: number;
  /** Since it was posted, in milliseconds. */
  readonly ageMs: number;
  /** Before the first further attempt, in milliseconds; twice that before the next, and so on up to the last. */
  readonly firstDelayMs: number;
  readonly lastDelayMs: number;
}

/** Where a letter goes that could not be delivered. */
export interface DeadLetter {
  readonly arn: string;
  readonly sender: Sender;
  /** The delivery's own when absent. */
  readonly body?: string;
  readonly attributes?: DeliveryAttributes;
  /** What the attributes are called that say why it was given up; those without a name are left out. */
  readonly reasons: {
    readonly code?: string;
    readonly message?: string;
    /** `MaximumRetryAttempts` or `MaximumEventAgeInSeconds`; not there for what was refused. */
    readonly condition?: string;
    readonly attempts?: string;
  };
}

/** A delivery that is made sooner or later, or given up as its terms say. */
export interface Letter {
  readonly delivery: Delivery;
  readonly retry: RetryTerms;
  readonly deadLetter?: DeadLetter;
  /** Letters to one ARN, of one `groupId` where they have one, are delivered one after another, and none overtakes one that failed. */
  readonly inOrder?: true;
}

/** A time that is remembered under a key; undefined forgets it. */
export interface Mark {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly at: number | undefined;
}

/** Resolves when all letters are durable, and the mark with them: all or nothing. Throws an OutboxFull when there is no room. */
export type Post = (letters: readonly Letter[], mark?: Mark) => Promise<void>;

/** Too much waits to be delivered. */
export class OutboxFull extends Error {
  override readonly name = 'OutboxFull';

  constructor() {
    super('Too much waits to be delivered.');
  }
}
