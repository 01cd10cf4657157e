import { setImmediate as turn } from 'node:timers/promises';
import type { MessageChanges, MessageHead, MessageStore } from '../store/message-store.ts';
import { Message } from './message.ts';
import type { MessageIds } from './message-ids.ts';
import type { MessageQuota } from './message-quota.ts';
import type { ProgressNotes } from './progress-notes.ts';
import { QueueError } from './queue-error.ts';
import { isFifo, type QueueRecord } from './queue-record.ts';
import { type QueueSettings, settingsOf } from './queue-settings.ts';
import { QueueState } from './queue-state.ts';
import type { PreparedMessage } from './sending.ts';
import { DEDUPLICATION_MS, Deduplication } from './sent-before.ts';
import { Waiters } from './waiters.ts';

export interface LiveQueueDeps {
  readonly store: MessageStore;
  readonly ids: MessageIds;
  readonly quota: MessageQuota;
  readonly notes: ProgressNotes;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** The queue's record as it is now. */
  readonly record: () => QueueRecord;
  /** Where what was received too often goes; undefined when there is no such queue. */
  readonly deadLetters: () => QueueRecord | undefined;
  /** Takes it there. */
  readonly bury: (messages: readonly Message[], target: QueueRecord) => void;
}

/** What became of a message that was sent. */
export interface Accepted {
  readonly messageId: string;
  readonly id: number;
}

export interface Receiving {
  readonly most: number;
  readonly visibilityMs: number;
  readonly waitMs: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Messages of one queue in flight at a time. SQS's. */
const MOST_IN_FLIGHT = 120_000;
/** Heads read at a time when the queue is opened. */
const PAGE = 1_000;
/** Purges of a queue are so far apart. SQS's. */
const PURGE_MS = 60_000;
/** How often it is looked for messages that are too old. */
const EXPIRY_MS = 1_000;

/** One queue at work: what is in it is in memory, and every change of it is on disk before it is answered. */
export class LiveQueue {
  readonly #deps: LiveQueueDeps;
  readonly #queueId: string;
  readonly #state: QueueState;
  readonly #sent = new Deduplication();
  readonly #waiters: Waiters;
  #opened: Promise<void> | undefined;
  #purgedAt = Number.NEGATIVE_INFINITY;
  #purgedThrough = 0;
  #expiredAt = 0;
  #isClosed = false;

  constructor(record: QueueRecord, deps: LiveQueueDeps) {
    this.#deps = deps;
    this.#queueId = record.id;
    this.#state = new QueueState({ isFifo: isFifo(record) });
    this.#waiters = new Waiters({
      clock: deps.clock,
      take: (most, visibilityMs) => this.#take(most, visibilityMs),
      nextAt: () => this.#state.nextAt,
    });
  }

  /** Reads what is on disk; to be awaited before everything below. */
  open(): Promise<void> {
    this.#opened ??= this.#read().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  get settings(): QueueSettings {
    return settingsOf(this.#deps.record());
  }

  get counts(): QueueState['counts'] {
    this.#state.wake(this.#deps.clock());
    this.#expire();
    return this.#state.counts;
  }

  /** Answers for each message when all of them are durable; throws an OverLimit when there is no room for all. */
  async send(messages: readonly PreparedMessage[]): Promise<readonly Accepted[]> {
    const now = this.#deps.clock();
    const bytes = messages.reduce((sum, each) => sum + each.bytes, 0);
    this.#deps.quota.take(messages.length, bytes);
    const heads: MessageHead[] = [];
    const added: { head: MessageHead; content: string }[] = [];
    const sent: NonNullable<MessageChanges['sent']>[number][] = [];
    const before: Promise<void>[] = [];
    const stored = createOutcome();
    const accepted = messages.map((message): Accepted => {
      const { deduplicationKey: key, messageId } = message;
      const same = key === undefined ? undefined : this.#sent.find(key, now);
      if (same !== undefined) {
        before.push(same.stored);
        this.#deps.quota.giveBack(1, message.bytes);
        return { messageId: same.messageId, id: same.id };
      }
      const head = this.#toHead(message, now);
      heads.push(head);
      added.push({ head, content: message.content });
      if (key !== undefined) {
        const entry = { queueId: this.#queueId, key, at: now, id: head.id, messageId };
        sent.push(entry);
        this.#sent.remember(entry, stored.promise, now);
      }
      return { messageId, id: head.id };
    });
    try {
      if (added.length > 0) await this.#deps.store.write({ added, sent });
      stored.resolve();
    } catch (error) {
      stored.reject(error as Error);
      for (const head of heads) this.#deps.quota.giveBack(1, head.bytes);
      throw error;
    }
    for (const head of heads) this.#arrive(head);
    this.#waiters.serve();
    await Promise.all(before);
    return accepted;
  }

  /** Those that can be had at once, else the first that come while it waits. Throws an OverLimit. */
  receive({ most, visibilityMs, waitMs, signal }: Receiving): Promise<readonly Message[]> {
    const { inFlight } = this.counts;
    if (inFlight >= MOST_IN_FLIGHT) {
      throw new QueueError('OverLimit', `Too many messages in flight: ${MOST_IN_FLIGHT} are allowed.`);
    }
    const taken = this.#waiters.isEmpty ? this.#take(most, visibilityMs) : [];
    if (taken.length > 0 || waitMs <= 0 || signal?.aborted || this.#isClosed) return Promise.resolve(taken);
    return this.#waiters.wait({ most, visibilityMs, waitMs, signal });
  }

  get(id: number): Message | undefined {
    this.#state.wake(this.#deps.clock());
    return this.#state.get(id);
  }

  changeVisibility(message: Message, milliseconds: number): void {
    const now = this.#deps.clock();
    this.#state.changeVisibility(message, now + milliseconds, now);
    this.#deps.notes.add(message.progress);
    this.#waiters.serve();
  }

  /** Resolves when it is gone for good. */
  async remove(message: Message): Promise<void> {
    await this.#deps.store.write({ removed: [message.id] });
    this.#forget([message]);
  }

  /** What is to go elsewhere: nobody receives it until that is done. */
  takeOut(most: number): readonly Message[] {
    return this.#state.takeOut(most, this.#deps.clock());
  }

  /** What was to go elsewhere and did not. */
  putBack(messages: readonly Message[]): void {
    const now = this.#deps.clock();
    for (const message of messages) {
      if (message.state === 'in-flight') this.#state.changeVisibility(message, now, now);
    }
    this.#waiters.serve();
  }

  /** What is no longer here because it went elsewhere. */
  moved(messages: readonly Message[]): void {
    for (const message of messages) this.#state.remove(message);
    this.#waiters.serve();
  }

  /** What came from elsewhere. */
  takeIn(heads: readonly MessageHead[]): void {
    const now = this.#deps.clock();
    for (const head of heads) this.#state.add(new Message(head, now));
    this.#waiters.serve();
  }

  /** Removes what there is now. Throws a PurgeQueueInProgress when that was asked for a short while ago. */
  async purge(): Promise<void> {
    const { clock, ids, record, store } = this.#deps;
    if (clock() - this.#purgedAt < PURGE_MS) {
      const { name } = record();
      throw new QueueError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
      );
    }
    const before = this.#purgedAt;
    this.#purgedAt = clock();
    const through = ids.last;
    try {
      await store.write({ purged: { queueId: this.#queueId, through } });
    } catch (error) {
      this.#purgedAt = before;
      throw error;
    }
    this.#purgedThrough = through;
    this.#forget([...this.#state.messages()].filter(({ id }) => id <= through));
  }

  /** Answers who waits with nothing, from now on at once. */
  close(): void {
    this.#isClosed = true;
    this.#waiters.close();
  }

  /** The same for a queue that is deleted: what is in it counts no more. */
  drop(): void {
    this.close();
    this.#purgedThrough = Number.POSITIVE_INFINITY;
    this.#forget([...this.#state.messages()]);
  }

  #take(most: number, visibilityMs: number): readonly Message[] {
    const { clock, bury, deadLetters, notes } = this.#deps;
    this.#expire();
    const now = clock();
    const target = deadLetters();
    const mostReceives =
      target && this.settings.redrive ? this.settings.redrive.maxReceiveCount : Number.POSITIVE_INFINITY;
    const { received, exhausted } = this.#state.take({ most, now, until: now + visibilityMs, mostReceives });
    for (const message of received) notes.add(message.progress);
    if (target !== undefined && exhausted.length > 0) bury(exhausted, target);
    return received;
  }

  #arrive(head: MessageHead): void {
    if (head.id <= this.#purgedThrough) this.#deps.quota.giveBack(1, head.bytes);
    else this.#state.add(new Message(head, this.#deps.clock()));
  }

  #forget(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.state === 'gone') continue;
      this.#deps.notes.drop(message.id);
      this.#deps.quota.giveBack(1, message.bytes);
      this.#state.remove(message);
    }
    this.#waiters.serve();
  }

  /** Lets go of what is too old. Of those that came from elsewhere some go a little late. */
  #expire(): void {
    const now = this.#deps.clock();
    if (now - this.#expiredAt < EXPIRY_MS) return;
    this.#expiredAt = now;
    const { retentionMs } = this.settings;
    const expired: Message[] = [];
    for (const message of this.#state.messages()) {
      if (message.sentAt + retentionMs > now) break;
      expired.push(message);
    }
    if (expired.length === 0) return;
    this.#forget(expired);
    // Another look finds again what was not removed.
    void this.#deps.store.write({ removed: expired.map(({ id }) => id) }).catch(() => undefined);
  }

  #toHead({ bytes, delayMs, groupId }: PreparedMessage, now: number): MessageHead {
    return {
      ...{ id: this.#deps.ids.next(), queueId: this.#queueId, bytes, sentAt: now },
      ...(groupId === undefined ? {} : { groupId }),
      ...{ receives: 0, firstReceivedAt: 0, visibleAt: delayMs === 0 ? 0 : now + delayMs },
    };
  }

  async #read(): Promise<void> {
    const { store, clock } = this.#deps;
    for (const entry of await store.sentSince(this.#queueId, clock() - DEDUPLICATION_MS)) {
      this.#sent.remember(entry, Promise.resolve(), clock());
    }
    for (let after = 0, isMore = true; isMore; await turn()) {
      const page = await store.page(this.#queueId, after, PAGE);
      const now = clock();
      for (const head of page) this.#state.add(new Message(head, now));
      after = page.at(-1)?.id ?? after;
      isMore = page.length === PAGE;
    }
  }
}

/** A promise and what settles it; nobody needs to look at it. */
function createOutcome(): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
} {
  let settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined);
  return { promise, ...(settle as unknown as { resolve: () => void; reject: (error: Error) => void }) };
}
