import type { Thread } from './thread.ts';

/**
 * The threads that wait in host calls and for which others stand in. They are no capacity: as many as the pool was asked
 * for are there besides, so that what a call waits for finds a thread.
 */
export class Parking {
  readonly #threads: ReadonlySet<Thread>;
  readonly #wanted: number;
  readonly #most: number;
  readonly #parked = new Set<Thread>();

  constructor(threads: ReadonlySet<Thread>, { wanted, most }: { readonly wanted: number; readonly most: number }) {
    this.#threads = threads;
    this.#wanted = wanted;
    this.#most = most;
  }

  get size(): number {
    return this.#parked.size;
  }

  /** Threads that run guests now, or could. */
  get running(): number {
    return this.#threads.size - this.#parked.size;
  }

  get lacks(): boolean {
    return this.running < this.#wanted;
  }

  /** False when as many wait as may. */
  enter(thread: Thread): boolean {
    if (!this.#parked.has(thread) && this.#parked.size >= this.#most) return false;
    this.#parked.add(thread);
    return true;
  }

  leave(thread: Thread): void {
    this.#parked.delete(thread);
  }

  /** Threads beyond those wanted that have had nothing to do for a while; those that never started first. */
  surplus(now: number): readonly Thread[] {
    const idle = [...this.#threads].filter((thread) => thread.load === 0 && now - thread.currentSince > IDLE_MS);
    idle.sort((a, b) => Number(a.hasStarted) - Number(b.hasStarted));
    return idle.slice(0, Math.max(0, this.running - this.#wanted));
  }
}

/** A thread that stood in for another stays this long without work, in milliseconds: the next burst may be near. */
const IDLE_MS = 10_000;
