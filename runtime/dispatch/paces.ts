import { QUICK_MS } from '../contract/limits.ts';

/** Of how many invocations the average is, about. */
const REMEMBERED = 8;
/** What one invocation counts at most, in milliseconds: one that a busy machine held up makes no slow function. */
const MOST_MS = 8;
/** Functions that are remembered, the last used. */
const KEPT = 4_096;

/** How long the invocations of each function have run of late, what held them up aside. A function that nobody has seen end is not quick. */
export class Paces {
  /** Mean milliseconds by function, the last learned last. */
  readonly #means = new Map<string, number>();

  isQuick(arn: string): boolean {
    const mean = this.#means.get(arn);
    return mean !== undefined && mean <= QUICK_MS;
  }

  /** An invocation has run for so long. */
  learn(arn: string, ms: number): void {
    const mean = this.#means.get(arn);
    const heard = Math.min(ms, MOST_MS);
    if (mean === undefined) {
      this.#means.set(arn, heard);
      this.#forgetOldest();
    } else if (heard > QUICK_MS || mean > QUICK_MS) {
      this.#means.delete(arn);
      this.#means.set(arn, mean + (heard - mean) / REMEMBERED);
    }
  }

  #forgetOldest(): void {
    const oldest = this.#means.keys().next().value;
    if (this.#means.size > KEPT && oldest !== undefined) this.#means.delete(oldest);
  }
}
