import type { QueuedEvent } from '../store/event-queue.ts';

/**
 * Events that wait, a line for each function, first come first served; lines are served in turn. Those that are to be tried
 * again later stand aside until they are due, and then go to the end of their line.
 */
export class EventLines {
  /** Lines with someone in them, in the order of their next turn. */
  readonly #lines = new Map<string, Set<QueuedEvent>>();
  readonly #running = new Map<string, number>();
  /** Lines that are not served before a time. */
  readonly #paused = new Map<string, number>();
  /** By the time they are due, the last one first. */
  readonly #aside: QueuedEvent[] = [];

  add(event: QueuedEvent, now: number): void {
    if (event.dueAt <= now) this.#push(event);
    else this.#aside.splice(this.#placeOf(event), 0, event);
  }

  /** Serves nobody of the event's function before `until`. */
  pause(event: QueuedEvent, until: number): void {
    const line = lineOf(event);
    this.#paused.set(line, Math.max(until, this.#paused.get(line) ?? 0));
  }

  /** The next event of a function of which fewer than `most` run; it runs until `ended`. */
  next(now: number, most: (event: QueuedEvent) => number): QueuedEvent | undefined {
    this.#wake(now);
    for (const [line, waiting] of this.#lines) {
      const first = waiting.values().next().value as QueuedEvent;
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

  ended(event: QueuedEvent): void {
    const line = lineOf(event);
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

  #push(event: QueuedEvent): void {
    const line = lineOf(event);
    const waiting = this.#lines.get(line);
    if (waiting) waiting.add(event);
    else this.#lines.set(line, new Set([event]));
  }

  #placeOf({ dueAt }: QueuedEvent): number {
    let [low, high] = [0, this.#aside.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#aside[middle] as QueuedEvent).dueAt > dueAt) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function lineOf({ scope, functionName }: QueuedEvent): string {
  return `${scope.accountId}/${scope.region}/${functionName}`;
}
