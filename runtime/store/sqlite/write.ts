import type { StorageTrouble } from '../../contract/storage-error.ts';
import type { KvChange, KvLimits } from '../kv-store.ts';

export type Value = string | number | null | Uint8Array;

/** One statement of a transaction. */
export interface Step<Answer extends string> {
  readonly sql: string;
  /** The statement is run once with each. */
  readonly rows: readonly (readonly Value[])[];
  /** The answer when this found or changed nothing; what would follow is left out. Absent: that is all the same. */
  readonly otherwise?: Answer;
}

/** What is to be made durable as a whole. Data, so that it can be sent to another thread. */
export type Write =
  | { readonly kind: 'steps'; readonly steps: readonly Step<string>[]; readonly done: string }
  | { readonly kind: 'values'; readonly changes: readonly KvChange[]; readonly limits: KvLimits };

/** What became of a write. */
export type Written =
  | { readonly kind: 'committed'; readonly answer: unknown }
  /** Nothing of it was kept. */
  | { readonly kind: 'failed'; readonly trouble: StorageTrouble; readonly cause: string };

export const CLOSED: Written = { kind: 'failed', trouble: 'failed', cause: 'the database is closed' };
