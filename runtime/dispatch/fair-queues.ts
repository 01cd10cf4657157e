/** Waiting items in queues by key, taken in turn: one key's flood delays another key by one item at most. */
export class FairQueues<T> {
  /** Keys with something waiting, in the order of their next turn. */
  readonly #queues = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(key: string): number {
    return this.#queues.get(key)?.length ?? 0;
  }

  push(key: string, item: T): void {
    const queue = this.#queues.get(key);
    if (queue) queue.push(item);
    else this.#queues.set(key, [item]);
    this.#size++;
  }

  /** The same, before all others of the key: for what those that are not here any more wait for. */
  pushFirst(key: string, item: T): void {
    const queue = this.#queues.get(key);
    if (queue) queue.unshift(item);
    else this.#queues.set(key, [item]);
    this.#size++;
  }

  /** The next item, of the first key in turn whose next one `may` be taken; that key goes to the end of the line. */
  shift(may: (item: T) => boolean = () => true): T | undefined {
    for (const [key, queue] of this.#queues) {
      if (!may(queue[0] as T)) continue;
      this.#queues.delete(key);
      const item = queue.shift();
      if (queue.length > 0) this.#queues.set(key, queue);
      this.#size--;
      return item;
    }
    return undefined;
  }

  /** Takes out the last that waits of the key with most, of those that `may` lose one and have more than `count`. */
  popLongest(count: number, may: (item: T) => boolean): T | undefined {
    let longest: T[] | undefined;
    let longestKey = '';
    for (const [key, queue] of this.#queues) {
      if (queue.length <= (longest?.length ?? count) || !may(queue[0] as T)) continue;
      longest = queue;
      longestKey = key;
    }
    const item = longest?.pop();
    if (item === undefined) return undefined;
    this.#size--;
    if (longest?.length === 0) this.#queues.delete(longestKey);
    return item;
  }

  /** Takes out all that waits of a key. */
  takeAll(key: string): readonly T[] {
    const queue = this.#queues.get(key) ?? [];
    this.#queues.delete(key);
    this.#size -= queue.length;
    return queue;
  }
}
