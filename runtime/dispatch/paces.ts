import { QUICK_MS } from '../contract/limits.ts';

/** Of how many invocations the average is, about. */
const REMEMBERED = 8;
/** What one invocation counts at most, in milliseconds: one that a busy machine held up makes no slow function. */
const MOST_MS = 8;
/** Functions that are remembered, the last used. */
const KEPT = 4_096;

interface Mean {
  readonly ms: number;
  of: number;
}

/** How long the invocations of each function have run of late, what held them up aside. A function that nobody has seen end is not quick. */
export class Paces {
  /** Mean milliseconds by function and of how many, the last learned last. */
  readonly #means = new Map<string, Mean>();

  isQuick(arn: string): boolean {
    const mean = this.#means.get(arn);
    return mean !== undefined && mean.ms <= QUICK_MS;
  }

  /** An invocation has run for so long. */
  learn(arn: string, ms: number): void {
    const mean = this.#means.get(arn);
    const heard = Math.min(ms, MOST_MS);
    if (mean === undefined) {
      this.#means.set(arn, { ms: heard, of: 1 });
      this.#forgetOldest();
    } else if (heard > QUICK_MS || mean.ms > QUICK_MS) {
      const of = Math.min(mean.of + 1, REMEMBERED);
      // The first are the slowest, before the JIT has seen them.
      const weight = heard < mean.ms ? of : REMEMBERED;
      this.#means.delete(arn);
      this.#means.set(arn, { ms: mean.ms + (heard - mean.ms) / weight, of });
    } else if (mean.of < REMEMBERED) mean.of++;
  }

  #forgetOldest(): void {
    const oldest = this.#means.keys().next().value;
    if (this.#means.size > KEPT && oldest !== undefined) this.#means.delete(oldest);
  }
}
