import type { Mark } from '../contract/letter.ts';

/** What the outbox knows of a letter without reading it. Times are epoch milliseconds. */
export interface PostedLetter {
  /** Ascends in the order of posting. */
  readonly id: number;
  /** Letters of one line take turns. */
  readonly line: string;
  /** One after another. */
  readonly inOrder: boolean;
  /** Of the content, in characters. */
  readonly size: number;
  readonly postedAt: number;
  /** Attempts that failed. */
  readonly attempts: number;
  /** Not before this. */
  readonly dueAt: number;
}

export type LetterProgress = Pick<PostedLetter, 'id' | 'attempts' | 'dueAt'>;

/** Letters that were posted together. */
export interface Posting {
  readonly letters: readonly { readonly letter: PostedLetter; readonly content: string }[];
  readonly mark?: Mark;
}

export interface OutboxChanges {
  readonly added: readonly Posting[];
  readonly progressed: readonly LetterProgress[];
  /** Ids. */
  readonly removed: readonly number[];
}

/** Letters that wait to be delivered, durable: when `write` resolves its changes survive a crash, all of them or none. */
export interface OutboxStore {
  write(changes: OutboxChanges): Promise<void>;

  /** At most `limit` letters by id, those behind `after`. */
  page(after: number, limit: number): Promise<readonly PostedLetter[]>;

  /** Undefined when it was removed. */
  content(id: number): Promise<string | undefined>;

  /** How much there is, and the highest id, 0 without letters. */
  summary(): Promise<{ readonly letters: number; readonly size: number; readonly lastId: number }>;

  /** Every time that is remembered. */
  marks(): Promise<ReadonlyMap<string, number>>;
}
