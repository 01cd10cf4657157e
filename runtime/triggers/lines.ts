/**
 * What waits to be served, such as events, a line for each function; first come first served; lines are served in turn. Those
 * that are to be tried again later stand aside until they are due, and then go to the end of their line.
 */
export class Lines<Waiting extends { readonly dueAt: number }> {
  readonly #lineOf: (one: Waiting) => string;
  /** Lines with someone in them, in the order of their next turn. */
  readonly #lines = new Map<string, Set<Waiting>>();
  readonly #running = new Map<string, number>();
  /** Lines that are not served before a time. */
  readonly #paused = new Map<string, number>();
  /** By the time they are due, the last one first. */
  readonly #aside: Waiting[] = [];

  /** `lineOf` names the line that someone stands in. */
  constructor(lineOf: (one: Waiting) => string) {
    this.#lineOf = lineOf;
  }

  add(one: Waiting, now: number): void {
    if (one.dueAt <= now) this.#push(one);
    else this.#aside.splice(this.#placeOf(one), 0, one);
  }

  /** To the head of its line, of which nobody is served before it is due. */
  addFirst(one: Waiting): void {
    const line = this.#lineOf(one);
    this.#lines.set(line, new Set([one, ...(this.#lines.get(line) ?? [])]));
    this.pause(one, one.dueAt);
  }

  /** Serves nobody of that line before `until`. */
  pause(one: Waiting, until: number): void {
    const line = this.#lineOf(one);
    this.#paused.set(line, Math.max(until, this.#paused.get(line) ?? 0));
  }

  /** The next one of a line of which fewer than `most` run; it runs until `ended`. */
  next(now: number, most: (one: Waiting) => number): Waiting | undefined {
    this.#wake(now);
    for (const [line, waiting] of this.#lines) {
      const first = waiting.values().next().value as Waiting;
      const running = this.#running.get(line) ?? 0;
      if (this.#paused.has(line) || running >= most(first)) continue;
      waiting.delete(first);
      this.#lines.delete(line);
      if (waiting.size > 0) this.#lines.set(line, waiting);
      this.#running.set(line, running + 1);
      return first;
    }
    return undefined;
  }

  ended(one: Waiting): void {
    const line = this.#lineOf(one);
    const running = (this.#running.get(line) ?? 1) - 1;
    if (running === 0) this.#running.delete(line);
    else this.#running.set(line, running);
  }

  /** When someone who stands aside or whose line is paused can be served; undefined when that is nobody. */
  get nextDueAt(): number | undefined {
    let next = this.#aside.at(-1)?.dueAt;
    for (const until of this.#paused.values()) next = Math.min(next ?? until, until);
    return next;
  }

  #wake(now: number): void {
    for (const [line, until] of this.#paused) if (until <= now) this.#paused.delete(line);
    for (let due = this.#aside.at(-1); due !== undefined && due.dueAt <= now; due = this.#aside.at(-1)) {
      this.#aside.pop();
      this.#push(due);
    }
  }

  #push(one: Waiting): void {
    const line = this.#lineOf(one);
    const waiting = this.#lines.get(line);
    if (waiting) waiting.add(one);
    else this.#lines.set(line, new Set([one]));
  }

  #placeOf({ dueAt }: Waiting): number {
    let [low, high] = [0, this.#aside.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#aside[middle] as Waiting).dueAt > dueAt) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
