import type { Observer } from '../contract/observer.ts';
import type { MessageStore } from '../store/message-store.ts';
import { LiveQueue } from './live-queue.ts';
import type { Message } from './message.ts';
import { MessageIds, toSequenceNumber } from './message-ids.ts';
import { MessageQuota } from './message-quota.ts';
import { type MoveTask, MoveTasks } from './move-tasks.ts';
import { ProgressNotes } from './progress-notes.ts';
import { invalidParameter, QueueError } from './queue-error.ts';
import { isFifo, type QueueKey, type QueueRecord, toQueueArn } from './queue-record.ts';
import { settingsOf } from './queue-settings.ts';
import type { QueueState } from './queue-state.ts';
import { QueueTable, type QueueTableDeps } from './queue-table.ts';
import { parseReceiptHandle } from './receipt-handle.ts';
import { type ReceivedMessage, toReceivedMessage } from './received-message.ts';
import { Relocation } from './relocation.ts';
import { type OutgoingMessage, type PreparedMessage, prepareMessage } from './sending.ts';
import { DEDUPLICATION_MS } from './sent-before.ts';

export interface QueuesDeps extends QueueTableDeps {
  readonly messages: MessageStore;
  readonly observer: Observer;
  /** What all queues may hold together. */
  readonly most: { readonly messages: number; readonly bytes: number };
}

export interface Sent {
  readonly messageId: string;
  /** FIFO only. */
  readonly sequenceNumber: string | undefined;
}

export interface ReceiveOptions {
  /** One to ten; one when absent. */
  readonly most?: number | undefined;
  /** Seconds; the queue's own when absent, as the next. */
  readonly visibilityTimeout?: number | undefined;
  readonly waitSeconds?: number | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

const MOST_RECEIVED = 10;
const MOST_WAIT_SECONDS = 20;
const MOST_HIDDEN_SECONDS = 43_200;
/** How often what was sent before is forgotten on disk. */
const FORGET_MS = DEDUPLICATION_MS;

/**
 * Queues and what is in them: SQS without its protocols, for the gateway and for callers inside. What is accepted is durable, and
 * is received at least once; receiving with a wait is how to hear of what arrives. Methods throw QueueErrors. To be opened before
 * anything else.
 *
 * ```ts
 * await queues.send(key, [queues.prepare(key, { body: 'hello' }, accountId)]);
 * const [message] = await queues.receive(key, { waitSeconds: 20 });
 * await queues.delete(key, message.receiptHandle);
 * ```
 */
export class Queues {
  readonly table: QueueTable;
  readonly #deps: QueuesDeps;
  readonly #notes: ProgressNotes;
  readonly #relocation: Relocation;
  readonly #moves: MoveTasks;
  /** By the id of the record. */
  readonly #live = new Map<string, LiveQueue>();
  #ids: MessageIds;
  #quota: MessageQuota;
  #forgetting: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(deps: QueuesDeps) {
    this.#deps = deps;
    this.table = new QueueTable(deps);
    this.#notes = new ProgressNotes(deps.messages, deps.observer);
    this.#relocation = new Relocation({
      ...{ messages: deps.messages, clock: deps.clock, ids: () => this.#ids },
      open: (record) => this.#open(record),
      find: (key) => this.table.find(key),
    });
    this.#moves = new MoveTasks({
      clock: deps.clock,
      moveSome: (source, destination, most) => this.#relocation.raise(source, destination, most),
    });
    this.#ids = new MessageIds(deps.clock, 0);
    this.#quota = new MessageQuota(deps.most, { messages: 0, bytes: 0 });
  }

  /** Resolves when the queues that there are can be asked for; what is in one is read when it is first used. */
  async open(): Promise<void> {
    const { messages, clock, most } = this.#deps;
    await this.table.open();
    const known = new Set(this.table.all().map(({ id }) => id));
    const before = await messages.summary();
    // A process that was killed while it deleted a queue has left its messages.
    await messages.write({
      dropped: before.queueIds.filter((id) => !known.has(id)),
      forgottenBefore: clock() - DEDUPLICATION_MS,
    });
    const summary = await messages.summary();
    this.#ids = new MessageIds(clock, summary.lastId);
    this.#quota = new MessageQuota(most, summary);
    this.#forgetting = setInterval(() => this.#forget(), FORGET_MS).unref();
  }

  /** Messages in all queues. */
  get size(): number {
    return this.#quota.messages;
  }

  /** Ends every wait, and makes no one wait any more. */
  drain(): void {
    this.#isClosed = true;
    this.#moves.drain();
    for (const live of this.#live.values()) live.close();
  }

  async close(): Promise<void> {
    this.drain();
    clearInterval(this.#forgetting);
    await this.#notes.write();
  }

  async counts(key: QueueKey): Promise<QueueState['counts']> {
    return (await this.#open(this.table.get(key))).counts;
  }

  /** Checks a message; what is said of it is thrown. */
  prepare(key: QueueKey, message: OutgoingMessage, senderId: string): PreparedMessage {
    return prepareMessage(message, settingsOf(this.table.get(key)), senderId);
  }

  /** Resolves when all of them are durable. */
  async send(key: QueueKey, messages: readonly PreparedMessage[]): Promise<readonly Sent[]> {
    const live = await this.#open(this.table.get(key));
    const accepted = await live.send(messages);
    return accepted.map(({ messageId, id }) => ({
      messageId,
      sequenceNumber: isFifo(key) ? toSequenceNumber(id) : undefined,
    }));
  }

  async receive(key: QueueKey, options: ReceiveOptions = {}): Promise<readonly ReceivedMessage[]> {
    const record = this.table.get(key);
    const settings = settingsOf(record);
    const { most = 1, visibilityTimeout, waitSeconds, signal } = options;
    assertBetween('MaxNumberOfMessages', most, 1, MOST_RECEIVED);
    assertBetween('WaitTimeSeconds', waitSeconds, 0, MOST_WAIT_SECONDS);
    assertBetween('VisibilityTimeout', visibilityTimeout, 0, MOST_HIDDEN_SECONDS);
    const live = await this.#open(record);
    const taken = await live.receive({
      ...{ most, signal },
      visibilityMs: visibilityTimeout === undefined ? settings.visibilityMs : visibilityTimeout * 1000,
      waitMs: waitSeconds === undefined ? settings.waitMs : waitSeconds * 1000,
    });
    return this.#read(record, taken);
  }

  /** Removes a message that was received; resolves when it is gone for good. One that is gone already is no error. */
  async delete(key: QueueKey, receiptHandle: string): Promise<void> {
    const record = this.table.get(key);
    const { id, receives } = parseReceiptHandle(receiptHandle, record.id);
    const live = await this.#open(record);
    const message = live.get(id);
    if (message === undefined) return;
    if (isFifo(record) && (message.state !== 'in-flight' || message.receives !== receives)) {
      throw expired(receiptHandle);
    }
    // Whoever received it again is to have it.
    if (receives >= message.receives) await live.remove(message);
  }

  /** Hides a message that is in flight for so many seconds from now. */
  async changeVisibility(key: QueueKey, receiptHandle: string, seconds: number): Promise<void> {
    const record = this.table.get(key);
    const { id, receives } = parseReceiptHandle(receiptHandle, record.id);
    assertBetween('VisibilityTimeout', seconds, 0, MOST_HIDDEN_SECONDS);
    const live = await this.#open(record);
    const message = live.get(id);
    if (message === undefined) {
      throw invalidParameter(
        receiptHandle,
        'ReceiptHandle',
        'Message does not exist or is not available for visibility timeout change.',
      );
    }
    if (isFifo(record) && message.receives !== receives) throw expired(receiptHandle);
    if (message.state !== 'in-flight') {
      throw new QueueError('MessageNotInflight', 'The message referred to is not in flight.');
    }
    if (receives >= message.receives) live.changeVisibility(message, seconds * 1000);
  }

  async purge(key: QueueKey): Promise<void> {
    await (await this.#open(this.table.get(key))).purge();
  }

  /** Begins to move dead letters to a queue, or each back to where it came from; answers the task's handle. */
  async startMove(source: QueueKey, destination: QueueKey | undefined, mostPerSecond?: number): Promise<string> {
    const record = this.#findSource(source);
    if (this.table.sourcesOf(source).length === 0) {
      throw invalidParameter(
        toQueueArn(source),
        'SourceArn',
        'Source queue must be configured as a Dead Letter Queue.',
      );
    }
    if (destination !== undefined && this.table.find(destination) === undefined) {
      throw noResource('DestinationArn');
    }
    const { ready } = (await this.#open(record)).counts;
    return this.#moves.start({ source: record, destination, mostPerSecond, toMove: ready });
  }

  /** Tasks that moved dead letters from a queue, newest first. */
  moveTasks(source: QueueKey): readonly MoveTask[] {
    return this.#moves.list(toQueueArn(this.#findSource(source)));
  }

  /** Ends a task; answers how many it has moved. */
  cancelMove(handle: string): number {
    return this.#moves.cancel(handle);
  }

  #findSource(source: QueueKey): QueueRecord {
    const record = this.table.find(source);
    if (record === undefined) throw noResource('SourceArn');
    return record;
  }

  /** Deletes a queue with all that is in it. */
  async deleteQueue(key: QueueKey): Promise<void> {
    const { id } = await this.table.delete(key);
    const live = this.#live.get(id);
    this.#live.delete(id);
    await live?.open();
    live?.drop();
    await this.#deps.messages.write({ dropped: [id] });
  }

  async #open(record: QueueRecord): Promise<LiveQueue> {
    let live = this.#live.get(record.id);
    if (live === undefined) {
      live = this.#makeLive(record);
      this.#live.set(record.id, live);
    }
    await live.open();
    return live;
  }

  #makeLive(record: QueueRecord): LiveQueue {
    const { messages, clock } = this.#deps;
    const current = (): QueueRecord => {
      const now = this.table.find(record);
      return now?.id === record.id ? now : record;
    };
    const live: LiveQueue = new LiveQueue(record, {
      ...{ store: messages, ids: this.#ids, quota: this.#quota, notes: this.#notes, clock },
      record: current,
      deadLetters: () => this.#deadLettersOf(current()),
      bury: (exhausted, target) => {
        this.#relocation.bury(record, live, exhausted, target).catch((error: Error) => {
          const text = `Dead letters of ${toQueueArn(record)} cannot be moved: ${error.message}`;
          this.#deps.observer.noticed('error', text);
          live.putBack(exhausted);
        });
      },
    });
    if (this.#isClosed) live.close();
    return live;
  }

  /** Undefined when there is no such queue, or none any more. */
  #deadLettersOf(record: QueueRecord): QueueRecord | undefined {
    const { redrive } = settingsOf(record);
    return redrive === undefined ? undefined : this.table.find(redrive.target);
  }

  async #read(record: QueueRecord, taken: readonly Message[]): Promise<readonly ReceivedMessage[]> {
    if (taken.length === 0) return [];
    // What is read is of this moment: meanwhile a message may be received again.
    const heads = taken.map(({ id, sentAt, receives, firstReceivedAt }) => ({ id, sentAt, receives, firstReceivedAt }));
    const contents = await this.#deps.messages.contents(taken.map(({ id }) => id));
    return heads.flatMap((head) => {
      const content = contents.get(head.id);
      const queue = { queueId: record.id, isFifo: isFifo(record) };
      return content === undefined ? [] : [toReceivedMessage(head, content, queue)];
    });
  }

  #forget(): void {
    const { messages, clock } = this.#deps;
    // The next time forgets what this one did not.
    void messages.write({ forgottenBefore: clock() - DEDUPLICATION_MS }).catch(() => undefined);
  }
}

function noResource(member: string): QueueError {
  return new QueueError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${member} parameter doesn't exist.`,
  );
}

function assertBetween(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw invalidParameter(value, name, `Must be between ${min} and ${max}, if provided.`);
}

function expired(receiptHandle: string): QueueError {
  return invalidParameter(receiptHandle, 'ReceiptHandle', 'The receipt handle has expired.');
}
