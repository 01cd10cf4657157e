import type { SqsMessage } from '../../events/sqs.ts';
import type { QueueSource } from './queue-source.ts';

/** A message and what the function is shown of it, JSON. */
export interface QueuedRecord {
  readonly message: SqsMessage;
  readonly json: string;
  readonly bytes: number;
}

const HEAD = '{"Records":[';
const TAIL = ']}';

/** Messages that go to a function together, hidden from other receivers for as long as it takes. */
export class MessageBatch {
  readonly #source: QueueSource;
  readonly #records: QueuedRecord[] = [];
  #hiddenMs = 0;
  #keeping: NodeJS.Timeout | undefined;
  bytes: number = HEAD.length + TAIL.length;

  constructor(source: QueueSource) {
    this.#source = source;
  }

  get size(): number {
    return this.#records.length;
  }

  /** How long a message is hidden when it is received, in milliseconds. */
  get hiddenMs(): number {
    return this.#hiddenMs;
  }

  get messages(): readonly SqsMessage[] {
    return this.#records.map(({ message }) => message);
  }

  add(record: QueuedRecord, hiddenMs: number): void {
    this.#records.push(record);
    this.bytes += record.bytes + 1;
    this.#hiddenMs = hiddenMs;
    // Hidden again in time, also when the machine is slow.
    this.#keeping ??= setInterval(() => void this.#keep(), Math.max(100, hiddenMs / 2)).unref();
  }

  /** The event. */
  toEvent(): Uint8Array {
    return Buffer.from(`${HEAD}${this.#records.map(({ json }) => json).join()}${TAIL}`);
  }

  /** Of the messages that have one, each once. */
  get traceHeaders(): readonly string[] {
    return [...new Set(this.messages.flatMap(({ attributes }) => attributes.AWSTraceHeader || []))];
  }

  /** Hides nothing longer than it is hidden already. */
  close(): void {
    clearInterval(this.#keeping);
  }

  /** A message that cannot be hidden any longer is received again: that is what at least once means. */
  #keep(): Promise<void> {
    return this.#source.hide(this.messages, this.#hiddenMs).catch(() => undefined);
  }
}
