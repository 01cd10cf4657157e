/** Entries of one stream that came together: each a text without line ends. */
export interface LogBlock {
  readonly stream: string;
  readonly entries: readonly string[];
  /** The earliest and the latest time in the entries, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** When they came. */
  readonly at: number;
}

/** A part of a group that is read at once: some blocks that lie behind each other. */
export interface LogSpan {
  /** Of its first byte among all that the group ever had: ascends, and is never given again. */
  readonly place: number;
  readonly bytes: number;
  /** The earliest and the latest time in it; of a span without entries they exclude each other. */
  readonly from: number;
  readonly to: number;
  readonly streams: ReadonlySet<string>;
}

export interface StoredEntry {
  readonly place: number;
  readonly text: string;
  readonly stream: string;
  /** When it came. */
  readonly at: number;
}

/** What is known of a stream. Times are epoch milliseconds; those of events are absent while it has none. */
export interface StreamSummary {
  readonly createdAt: number;
  readonly firstAt?: number;
  readonly lastAt?: number;
  /** When the last event came. */
  readonly cameAt?: number;
}

/**
 * Entries of log groups, in streams, in the order in which they came. What `append` resolved for survives the end of the process,
 * and is on disk about a second later. All groups together have a bound: of the one that has most the oldest entries go first.
 *
 * A group is named by an id that is never used again, such as `k3J9-x_2`; it is there as soon as something is asked of it.
 */
export interface LogStore {
  /**
   * Answers the place of the first entry; each of the others is behind the one before it and the byte that ends that. Rejects with a
   * StorageError; nothing was kept then.
   */
  append(group: string, block: LogBlock): Promise<number>;
  /** Makes a stream; one that is there stays as it is. */
  createStream(group: string, stream: string, at: number): Promise<void>;
  /** Hides what the stream has; its space is free again when all that came before is gone. */
  deleteStream(group: string, stream: string, at: number): Promise<void>;
  hasStream(group: string, stream: string): Promise<boolean>;
  /** No less than there are; one that has been written to for long may count for several. */
  countStreams(group: string): Promise<number>;
  streams(group: string): Promise<ReadonlyMap<string, StreamSummary>>;
  /** Oldest first; the last one ends where the next entry will be. */
  spans(group: string): Promise<readonly LogSpan[]>;
  /** Entries that were damaged, or went meanwhile, are missing. */
  read(group: string, span: LogSpan): Promise<readonly StoredEntry[]>;
  /** What the group takes, in bytes. */
  bytesOf(group: string): Promise<number>;
  /** Removes what only has entries before a time, as far as it can be removed. */
  expire(group: string, before: number): Promise<void>;
  /** Removes a group. */
  drop(group: string): Promise<void>;
  /** Removes all groups but these. */
  retain(groups: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}
