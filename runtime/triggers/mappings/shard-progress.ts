interface Entry {
  readonly sequenceNumber: string;
  isDone: boolean;
}

/** Which records of a shard are done with, in whatever order that comes. */
export class ShardProgress {
  #entries: Entry[] = [];
  #done = 0;
  readonly #open = new Map<string, Entry>();
  #after: string | undefined;

  constructor(after: string | undefined) {
    this.#after = after;
  }

  /** The last record before which, and with which, all are done with. */
  get after(): string | undefined {
    return this.#after;
  }

  get pending(): number {
    return this.#open.size;
  }

  /** Takes up a record that was read. */
  add(sequenceNumber: string): void {
    const entry = { sequenceNumber, isDone: false };
    this.#entries.push(entry);
    this.#open.set(sequenceNumber, entry);
  }

  finish(sequenceNumber: string): void {
    const entry = this.#open.get(sequenceNumber);
    if (entry === undefined) return;
    entry.isDone = true;
    this.#open.delete(sequenceNumber);
    for (let next = this.#entries[this.#done]; next?.isDone; next = this.#entries[this.#done]) {
      this.#after = next.sequenceNumber;
      this.#done += 1;
    }
    if (this.#done * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#done);
    this.#done = 0;
  }
}

/** True when a record is the one with `after`, or comes before it. */
export function isThrough(sequenceNumber: string, after: string | undefined): boolean {
  return after !== undefined && BigInt(sequenceNumber) <= BigInt(after);
}
