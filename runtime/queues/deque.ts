/** A list that is taken from its front and added to at its end, each at a constant cost. */
export class Deque<Item> {
  #items: (Item | undefined)[] = [];
  #start = 0;

  get size(): number {
    return this.#items.length - this.#start;
  }

  get first(): Item | undefined {
    return this.#items[this.#start];
  }

  /** The `at`th from the front. */
  at(at: number): Item | undefined {
    return this.#items[this.#start + at];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Puts the item before those at the end of which `isBehind` is true. */
  insert(item: Item, isBehind: (other: Item) => boolean): void {
    let at = this.#items.length;
    while (at > this.#start && isBehind(this.#items[at - 1] as Item)) at -= 1;
    if (at === this.#items.length) this.#items.push(item);
    else this.#items.splice(at, 0, item);
  }

  shift(): Item | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#start];
    this.#items[this.#start] = undefined;
    this.#start += 1;
    if (this.#start > 1_024 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
    return item;
  }
}
