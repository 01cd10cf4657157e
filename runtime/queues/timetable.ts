import type { Message } from './message.ts';

interface Entry {
  readonly at: number;
  readonly message: Message;
}

/** Messages that are hidden, by the time at which they are to be seen again: a heap, in which entries may be out of date. */
export class Timetable {
  #heap: Entry[] = [];
  /** Messages that are hidden; the others in the heap are out of date. */
  #hidden = 0;

  /** The message is hidden from now on, until its `visibleAt`. */
  hide(message: Message): void {
    this.#hidden += 1;
    this.#add(message);
  }

  /** It stays hidden, until another time. */
  move(message: Message): void {
    this.#add(message);
  }

  /** It is hidden no more, before its time. */
  show(): void {
    this.#hidden -= 1;
  }

  /** Shows the next message whose time has come. */
  next(now: number): Message | undefined {
    const first = this.#current();
    if (first === undefined || first.at > now) return undefined;
    this.#pop();
    this.#hidden -= 1;
    return first.message;
  }

  /** When the next one is to be seen again. */
  get nextAt(): number | undefined {
    return this.#current()?.at;
  }

  #current(): Entry | undefined {
    while (this.#heap.length > 0 && !isCurrent(this.#heap[0] as Entry)) this.#pop();
    return this.#heap[0];
  }

  #add(message: Message): void {
    if (this.#heap.length > 64 + 2 * this.#hidden) this.#rebuild();
    this.#heap.push({ at: message.visibleAt, message });
    this.#up(this.#heap.length - 1);
  }

  /** A sorted list is a heap. Of a message that came back to a time there are two entries, of which one is enough. */
  #rebuild(): void {
    const current = new Map<Message, Entry>();
    for (const entry of this.#heap) if (isCurrent(entry)) current.set(entry.message, entry);
    this.#heap = [...current.values()].sort((a, b) => a.at - b.at);
  }

  #pop(): void {
    const last = this.#heap.pop() as Entry;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #up(at: number): void {
    for (let child = at; child > 0; ) {
      const parent = (child - 1) >>> 1;
      if (this.#at(parent) <= this.#at(child)) return;
      this.#swap(parent, child);
      child = parent;
    }
  }

  #down(at: number): void {
    for (let parent = at; ; ) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      let least = parent;
      if (left < this.#heap.length && this.#at(left) < this.#at(least)) least = left;
      if (right < this.#heap.length && this.#at(right) < this.#at(least)) least = right;
      if (least === parent) return;
      this.#swap(parent, least);
      parent = least;
    }
  }

  #at(place: number): number {
    return (this.#heap[place] as Entry).at;
  }

  #swap(a: number, b: number): void {
    const entry = this.#heap[a] as Entry;
    this.#heap[a] = this.#heap[b] as Entry;
    this.#heap[b] = entry;
  }
}

function isCurrent({ at, message }: Entry): boolean {
  return message.visibleAt === at && (message.state === 'delayed' || message.state === 'in-flight');
}
