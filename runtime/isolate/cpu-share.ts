import { MEMORY_MB_PER_CORE } from '../contract/limits.ts';

/** How guests get processor time: `shared` as the system gives it, `proportional` to MemorySize as Lambda does. */
export type CpuMode = 'shared' | 'proportional';

/**
 * The part of a core that is a guest's due. Its time is cut into turns: it runs for its part of a period, and a slice at
 * least, then it rests until what it ran is its part of the time gone by. Shorter invocations than a turn never rest.
 */
export class CpuShare {
  readonly #part: number;
  #turnBegan = 0;

  constructor(memoryMb: number) {
    this.#part = Math.min(1, memoryMb / MEMORY_MB_PER_CORE);
  }

  /** Begins a turn. */
  begin(now: number): void {
    this.#turnBegan = now;
  }

  /** The guest's turn stood still for so many milliseconds. */
  rested(ms: number): void {
    this.#turnBegan += ms;
  }

  /** When the guest, which has run until `now`, may go on: `now` itself while its turn lasts. Milliseconds of one clock. */
  resumesAt(now: number): number {
    const ran = now - this.#turnBegan;
    return ran < this.#part * PERIOD_MS ? now : this.#turnBegan + ran / this.#part;
  }
}

/** As long as the periods in which Linux hands out quotas to Lambda's functions are said to be, in milliseconds. */
const PERIOD_MS = 20;
