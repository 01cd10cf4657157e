import type { FilteredRecord } from './record-filter.ts';

/** A record as functions have it, and what its way there depends on. */
export interface StreamRecord {
  /** A whole number, too large for JavaScript's; larger than those before it in the shard. */
  readonly sequenceNumber: string;
  /** Records of one key stay in order, however many run beside each other. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  /** One of the event's `Records`, JSON. */
  readonly json: string;
  readonly filtered: FilteredRecord;
}

/** A part of a stream, in which records are in order. */
export interface Shard {
  readonly id: string;
  /** Those whose records come before: it was split off them, or they were merged into it. */
  readonly parents: readonly string[];
  /** True when nothing is added any more. */
  readonly isClosed: boolean;
}

/** Where reading begins. */
export type Position =
  | { readonly kind: 'oldest' }
  | { readonly kind: 'newest' }
  /** Epoch milliseconds. A source that knows no times begins with its oldest. */
  | { readonly kind: 'since'; readonly at: number }
  | { readonly kind: 'after'; readonly sequenceNumber: string };

export interface StreamReading {
  readonly iterator: string;
  readonly most: number;
  /** ARN of the execution role, which records may name. */
  readonly role: string;
  readonly signal: AbortSignal;
}

export interface StreamPage {
  readonly records: readonly StreamRecord[];
  /** Undefined when the shard is closed and was read to its end. */
  readonly next: string | undefined;
  /** There is more already. */
  readonly isBehind: boolean;
}

/**
 * A stream that a mapping reads. Iterators are good for minutes; a new one at the place where the last page ended goes on as well.
 * Methods reject when the stream cannot be reached, or does not exist; another try may succeed.
 */
export interface StreamSource {
  /** How long to wait before a shard is asked again that had nothing, in milliseconds. */
  readonly idleMs: number;
  shards(signal: AbortSignal): Promise<readonly Shard[]>;
  iterator(shardId: string, position: Position, signal: AbortSignal): Promise<string>;
  read(reading: StreamReading): Promise<StreamPage>;
  close(): void;
}
