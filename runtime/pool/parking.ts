import type { Thread } from './thread.ts';

export interface ParkingOptions {
  /** Threads for quick work, at any time. */
  readonly wanted: number;
  /** Threads that may wait in host calls. */
  readonly most: number;
  /** Threads in all: no more are added. Those wanted and those that may wait when absent. */
  readonly limit?: number;
}

/**
 * The threads that others stand in for: those that are one slow invocation's alone, and those that wait in host calls. They are
 * no capacity: as many as the pool was asked for are there besides, so that quick work, and what a call waits for, finds a thread.
 */
export class Parking {
  readonly #threads: ReadonlySet<Thread>;
  readonly #wanted: number;
  readonly #most: number;
  readonly #limit: number;
  readonly #parked = new Set<Thread>();
  readonly #aside = new Set<Thread>();

  constructor(threads: ReadonlySet<Thread>, { wanted, most, limit = wanted + most }: ParkingOptions) {
    this.#threads = threads;
    this.#wanted = wanted;
    this.#most = most;
    this.#limit = limit;
  }

  /** Threads that wait. */
  get size(): number {
    return this.#parked.size;
  }

  /** Threads that run quick work now, or could. */
  get running(): number {
    let out = this.#aside.size;
    for (const thread of this.#parked) if (!this.#aside.has(thread)) out++;
    return this.#threads.size - out;
  }

  get lacks(): boolean {
    return this.running < this.#wanted && this.#threads.size < this.#limit;
  }

  /** True while fewer threads than half of those wanted have been started for quick work. */
  get isShort(): boolean {
    let started = 0;
    for (const thread of this.#threads) if (thread.hasStarted && this.#isOpen(thread)) started++;
    return started < this.#wanted / 2;
  }

  get isStarting(): boolean {
    for (const thread of this.#threads) if (thread.hasStarted && !thread.isReady) return true;
    return false;
  }

  /** Idle threads that may be given to a slow invocation, when half of the threads stay ready for quick work. */
  get spare(): readonly Thread[] {
    const ready = [...this.#threads].filter((thread) => thread.isReady && this.#isOpen(thread));
    if (ready.length <= Math.floor(this.#wanted / 2)) return [];
    return ready.filter(({ load }) => load === 0);
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

  /** It is one invocation's until that has ended. */
  setAside(thread: Thread): void {
    this.#aside.add(thread);
  }

  takeBack(thread: Thread): void {
    this.#aside.delete(thread);
  }

  /** Threads beyond those wanted that have had nothing to do for a while; those that never started first. */
  surplus(now: number): readonly Thread[] {
    const idle = [...this.#threads].filter((thread) => thread.load === 0 && now - thread.currentSince > IDLE_MS);
    idle.sort((a, b) => Number(a.hasStarted) - Number(b.hasStarted));
    return idle.slice(0, Math.max(0, this.running - this.#wanted));
  }

  #isOpen(thread: Thread): boolean {
    return !this.#aside.has(thread) && !this.#parked.has(thread);
  }
}

/** A thread that stood in for another stays this long without work, in milliseconds: the next burst may be near. */
const IDLE_MS = 10_000;
