/** What is known of a queue's message without reading it. Times are epoch milliseconds. */
export interface MessageHead {
  /** Ascends in the order of acceptance, and is never given again. */
  readonly id: number;
  /** The id of the queue's record. */
  readonly queueId: string;
  /** What it counts for among all. */
  readonly bytes: number;
  readonly sentAt: number;
  /** FIFO queues only. */
  readonly groupId?: string;
  /** How often it was received; perhaps a little less after a crash. */
  readonly receives: number;
  /** 0: never. */
  readonly firstReceivedAt: number;
  /** It is hidden before this; perhaps not that long after a crash. */
  readonly visibleAt: number;
}

/** How far a message has come. */
export type MessageProgress = Pick<MessageHead, 'id' | 'receives' | 'firstReceivedAt' | 'visibleAt'>;

/** A message in a queue that it was not sent to. */
export interface MessageMove {
  readonly from: number;
  /** Where, and what it has become there. */
  readonly to: MessageHead;
  /** What there is to say of where it came from. */
  readonly origin: string;
}

/** What was sent to a queue not long ago: the same is not sent again. */
export interface SentBefore {
  readonly queueId: string;
  readonly key: string;
  readonly at: number;
  /** Of the message that was sent. */
  readonly id: number;
  readonly messageId: string;
}

export interface MessageContent {
  /** A text that only its writer understands. */
  readonly content: string;
  readonly origin: string | undefined;
}

/** Made in this order, whole or not at all. */
export interface MessageChanges {
  readonly added?: readonly { readonly head: MessageHead; readonly content: string }[];
  readonly sent?: readonly SentBefore[];
  readonly moved?: readonly MessageMove[];
  readonly progressed?: readonly MessageProgress[];
  /** Ids. */
  readonly removed?: readonly number[];
  /** Everything in a queue, up to an id. */
  readonly purged?: { readonly queueId: string; readonly through: number };
  /** All that there is of a queue. */
  readonly dropped?: readonly string[];
  /** What was sent before this time may be sent again. */
  readonly forgottenBefore?: number;
}

/** Messages of queues, durable: when `write` resolves its changes survive a crash. */
export interface MessageStore {
  write(changes: MessageChanges): Promise<void>;

  /** At most `limit` messages of a queue by id, those behind `after`. */
  page(queueId: string, after: number, limit: number): Promise<readonly MessageHead[]>;

  /** By id; those that were removed are missing. */
  contents(ids: readonly number[]): Promise<ReadonlyMap<number, MessageContent>>;

  /** What was sent to a queue since a time, oldest first. */
  sentSince(queueId: string, since: number): Promise<readonly SentBefore[]>;

  /** How much there is in all queues, the highest id that was given, 0 when none was, and the queues that have messages. */
  summary(): Promise<{
    readonly messages: number;
    readonly bytes: number;
    readonly lastId: number;
    readonly queueIds: readonly string[];
  }>;
}
