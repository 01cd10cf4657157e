import { setMaxListeners } from 'node:events';
import { SYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import type { Outcome } from '../../contract/outcome.ts';
import { type SqsMessage, toSqsRecord } from '../../events/sqs.ts';
import type { EventSourceSettings } from '../../store/event-source-record.ts';
import { Backoff, pause } from './backoff.ts';
import { parseFailures } from './batch-response.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { MappedFunction } from './mapped-function.ts';
import { MessageBatch, type QueuedRecord } from './message-batch.ts';
import { CALL_FAILED, type Poller, PROCESSED, THROTTLED, toProblem } from './poller.ts';
import type { QueueSource } from './queue-source.ts';

export interface QueuePollerDeps {
  readonly settings: EventSourceSettings;
  readonly source: QueueSource;
  readonly target: MappedFunction;
  /** Rejects when the role may not read the queue. */
  readonly assertReadable: (role: string) => Promise<void>;
  /** Whether the function is to have it: false for what the mapping filters away. */
  readonly isWanted: (message: SqsMessage) => boolean;
  readonly held: HeldBytes;
  /** Told how a batch went, and why none can be had. */
  readonly report: (result: string) => void;
  /** Told of what went wrong that nobody is at fault for. */
  readonly notice: (message: string) => void;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** A message in hand, and how long it is hidden when it is received, in milliseconds. */
interface Received {
  readonly record: QueuedRecord;
  readonly hiddenMs: number;
}

/** Batches that run at a time: at first, as Lambda has it, and at most where the mapping does not say. */
const FIRST_RUNNING = 5;
const MOST_RUNNING = 32;
/** SQS hands out no more at once. */
const MOST_RECEIVED = 10;
/** SQS lets nobody wait longer. */
const LONGEST_WAIT_MS = 20_000;
/** How often it is looked whether a function may run again that may not, or whether others have left room. */
const LOOK_MS = 250;

/**
 * Brings the messages of a queue to a function: batches as large as there are messages, several at a time, more of them as long as
 * that goes well and fewer when the function is throttled. What it handled is deleted; what it did not comes again when the queue
 * shows it again, and goes where the queue's redrive policy says in the end.
 */
export class QueuePoller implements Poller {
  readonly #deps: QueuePollerDeps;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #trouble = new Backoff(1_000, 5_000);
  readonly #done: Promise<void>;
  #limit = FIRST_RUNNING;
  /** Received, but more than the last event could hold. */
  #left: Received[] = [];

  constructor(deps: QueuePollerDeps) {
    this.#deps = deps;
    setMaxListeners(0, this.#stopping.signal);
    this.#done = this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
    await Promise.all(this.#running);
    this.#deps.source.close();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #poll(): Promise<void> {
    const { report, target, assertReadable } = this.#deps;
    while (!this.#isStopped) {
      try {
        const { role } = await target.version();
        await assertReadable(role);
        await this.#room();
        if (!this.#isStopped) this.#start(await this.#gather());
        this.#trouble.reset();
      } catch (error) {
        report(toProblem(error));
        await pause(this.#trouble.next(), this.#stopping.signal);
      }
    }
    const left = this.#left.map(({ record }) => record.message);
    if (left.length > 0) await this.#deps.source.hide(left, 0).catch(() => undefined);
  }

  get #most(): number {
    const { ScalingConfig: { MaximumConcurrency: most = MOST_RUNNING } = {} } = this.#deps.settings;
    return Math.min(most, this.#deps.target.reserved ?? most);
  }

  /** Resolves when another batch may run. */
  async #room(): Promise<void> {
    while (!this.#isStopped) {
      const isHeldBack = this.#running.size >= Math.min(this.#limit, this.#most);
      if (!isHeldBack && !(this.#deps.held.isFull && this.#running.size > 0)) return;
      const looking = new AbortController();
      await Promise.race([pause(LOOK_MS, looking.signal), ...this.#running]);
      looking.abort();
    }
  }

  /** As many messages as may go together, or those that came in the window. */
  async #gather(): Promise<MessageBatch> {
    const { settings, source, clock } = this.#deps;
    const { BatchSize: size = 10, MaximumBatchingWindowInSeconds: window = 0 } = settings;
    const batch = new MessageBatch(source);
    try {
      this.#addAll(batch, this.#left.splice(0), size);
      let until = clock() + LONGEST_WAIT_MS;
      if (batch.size > 0) until = clock() + window * 1_000;
      while (batch.size < size && this.#left.length === 0 && !this.#isStopped) {
        const waitMs = Math.min(Math.max(0, until - clock()), LONGEST_WAIT_MS);
        const most = Math.min(MOST_RECEIVED, size - batch.size);
        const wasEmpty = batch.size === 0;
        const { messages, hiddenMs } = await source.receive({ most, waitMs, signal: this.#stopping.signal });
        this.#addAll(batch, await this.#wanted(messages, hiddenMs), size);
        if (wasEmpty && batch.size > 0) until = clock() + window * 1_000;
        if (clock() >= until || (batch.size === 0 && messages.length === 0)) break;
      }
      return batch;
    } catch (error) {
      // What is there goes without what could not be had.
      if (batch.size > 0) return batch;
      throw error;
    }
  }

  /** What is not wanted is done with. */
  async #wanted(messages: readonly SqsMessage[], hiddenMs: number): Promise<readonly Received[]> {
    const { isWanted, source, settings } = this.#deps;
    const unwanted = messages.filter((message) => !isWanted(message));
    if (unwanted.length > 0) await source.delete(unwanted);
    const arn = settings.EventSourceArn ?? '';
    const wanted = unwanted.length === 0 ? messages : messages.filter((message) => !unwanted.includes(message));
    return wanted.map((message) => {
      const json = JSON.stringify(toSqsRecord(message, arn));
      return { record: { message, json, bytes: Buffer.byteLength(json) }, hiddenMs };
    });
  }

  #addAll(batch: MessageBatch, records: readonly Received[], size: number): void {
    for (const each of records) {
      const isFull = batch.size >= size || batch.bytes + each.record.bytes + 1 > SYNC_REQUEST_BYTES;
      if (this.#left.length > 0 || (isFull && batch.size > 0)) this.#left.push(each);
      else batch.add(each.record, each.hiddenMs);
    }
  }

  #start(batch: MessageBatch): void {
    if (batch.size === 0) return;
    const { held, notice, report, settings } = this.#deps;
    held.take(batch.bytes);
    const run = this.#run(batch)
      .catch((error: Error) => {
        report(toProblem(error));
        notice(`A batch of ${settings.EventSourceArn} failed: ${error.message}`);
      })
      .finally(() => {
        batch.close();
        held.giveBack(batch.bytes);
        this.#running.delete(run);
      });
    this.#running.add(run);
  }

  async #run(batch: MessageBatch): Promise<void> {
    const { report, source } = this.#deps;
    const outcome = await this.#invoke(batch);
    if (outcome.kind === 'refused') return report(THROTTLED);
    const handled = this.#handledOf(batch, outcome);
    report(handled.length === batch.size ? PROCESSED : CALL_FAILED);
    if (handled.length > 0) await source.delete(handled);
  }

  /** Tries again while the function is throttled, for as long as the messages would be hidden anyway. */
  async #invoke(batch: MessageBatch): Promise<Outcome> {
    const { target, clock } = this.#deps;
    const event = batch.toEvent();
    const until = clock() + batch.hiddenMs;
    for (const backoff = new Backoff(100, 5_000); ; ) {
      const { outcome } = await target.invoke(event, batch.traceHeaders);
      if (outcome.kind !== 'refused') {
        if (this.#running.size >= this.#limit) this.#limit += 1;
        return outcome;
      }
      this.#limit = Math.max(1, Math.floor(this.#limit / 2));
      if (clock() >= until || this.#isStopped) {
        if (this.#isStopped) await this.#deps.source.hide(batch.messages, 0);
        return outcome;
      }
      await pause(backoff.next(), this.#stopping.signal);
    }
  }

  #handledOf(batch: MessageBatch, outcome: Outcome): readonly SqsMessage[] {
    const { messages } = batch;
    if (outcome.kind !== 'succeeded') return [];
    if (!this.#deps.settings.FunctionResponseTypes?.includes('ReportBatchItemFailures')) return messages;
    const ids = new Set(messages.map(({ messageId }) => messageId));
    const failures = parseFailures(outcome.payload, (id) => ids.has(id));
    if (failures === 'all') return [];
    return failures === 'none' ? messages : messages.filter(({ messageId }) => !failures.has(messageId));
  }
}
