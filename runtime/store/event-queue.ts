import type { AsyncInvocation } from '../contract/async-invocation.ts';

/** What the queue knows of an event without reading it. Times are epoch milliseconds. */
export interface QueuedEvent extends Omit<AsyncInvocation, 'event'> {
  /** Ascends in the order of acceptance. */
  readonly id: number;
  /** The event's length. */
  readonly bytes: number;
  /** Attempts that ended in the function's own failure. */
  readonly failures: number;
  /** Attempts that failed for want of room, or by the platform. */
  readonly throttles: number;
  /** Not before this. */
  readonly dueAt: number;
}

/** How far an event has come. */
export type EventProgress = Pick<QueuedEvent, 'id' | 'failures' | 'throttles' | 'dueAt'>;

export interface QueueChanges {
  readonly added: readonly { readonly queued: QueuedEvent; readonly event: Uint8Array }[];
  readonly progressed: readonly EventProgress[];
  /** Ids. */
  readonly removed: readonly number[];
}

/** The queue of asynchronous invocations, durable: when `write` resolves its changes survive a crash, all of them or none. */
export interface EventQueue {
  write(changes: QueueChanges): Promise<void>;

  /** At most `limit` events by id, those behind `after`. */
  page(after: number, limit: number): Promise<readonly QueuedEvent[]>;

  /** Undefined when it was removed. */
  event(id: number): Promise<Uint8Array | undefined>;

  /** How much there is, and the highest id, 0 without events. */
  summary(): Promise<{ readonly events: number; readonly bytes: number; readonly lastId: number }>;
}
