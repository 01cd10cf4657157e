import type { Invocation } from '../contract/invocation.ts';
import type { Outcome } from '../contract/outcome.ts';
import { type FunctionUsage, toGbSeconds, type Usage, type UsageBook } from '../contract/usage.ts';
import { toBilledMs } from '../events/platform-log.ts';

type Tally = { -readonly [Sum in keyof Usage]: number };

/** How often usage is written, in milliseconds: what a crash may lose. */
const WRITE_MS = 1_000;

/**
 * Counts what functions use, and writes it once a second while they do: what is added to an invocation are a few additions. A day
 * is UTC's, to a second.
 */
export class UsageMeter {
  readonly #clock: () => number;
  readonly #failed: (error: Error) => void;
  /** By the function's ARN. */
  #tallies = new Map<string, Tally>();
  #book: UsageBook | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  /** `failed` is told of the first write of several that cannot be made; what they held goes with a later one. */
  constructor(clock: () => number, failed: (error: Error) => void) {
    this.#clock = clock;
    this.#failed = failed;
  }

  /** Gives a place to write to what was used so far, and from now on. */
  open(book: UsageBook): void {
    this.#book = book;
    if (this.#tallies.size > 0) this.#schedule();
  }

  record({ target }: Invocation, outcome: Outcome): void {
    const tally = this.#tallyOf(target.arn);
    if (outcome.kind === 'refused') tally.throttles++;
    else {
      const billedMs = toBilledMs(outcome.report);
      tally.requests++;
      if (outcome.kind !== 'succeeded') tally.errors++;
      tally.billedMs += billedMs;
      tally.gbSeconds += toGbSeconds(billedMs, target.memoryMb);
      tally.fuel += outcome.report.fuel;
    }
    if (this.#timer === undefined) this.#schedule();
  }

  /** Writes what there is; never rejects. */
  write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  /** Writes what there is, and nothing after it. */
  async close(): Promise<void> {
    await this.write();
    clearTimeout(this.#timer);
    this.#book = undefined;
  }

  async #writeAll(): Promise<void> {
    const book = this.#book;
    if (book === undefined || this.#tallies.size === 0) return;
    const tallies = this.#tallies;
    this.#tallies = new Map();
    const day = new Date(this.#clock()).toISOString().slice(0, 10);
    try {
      await book.add([...tallies].map(([arn, tally]) => toFunctionUsage(arn, day, tally)));
      this.#isFailing = false;
    } catch (error) {
      for (const [arn, tally] of tallies) addTo(this.#tallyOf(arn), tally);
      if (!this.#isFailing) this.#failed(error as Error);
      this.#isFailing = true;
      this.#schedule();
    }
  }

  #tallyOf(arn: string): Tally {
    let tally = this.#tallies.get(arn);
    if (tally === undefined) {
      tally = { requests: 0, errors: 0, throttles: 0, billedMs: 0, gbSeconds: 0, fuel: 0 };
      this.#tallies.set(arn, tally);
    }
    return tally;
  }

  #schedule(): void {
    if (this.#book !== undefined) this.#timer ??= setTimeout(() => void this.write(), WRITE_MS).unref();
  }
}

function addTo(sum: Tally, more: Usage): void {
  for (const name of Object.keys(more) as (keyof Usage)[]) sum[name] += more[name];
}

function toFunctionUsage(arn: string, day: string, tally: Tally): FunctionUsage {
  const [, , , region = '', accountId = '', , functionName = ''] = arn.split(':');
  return { region, accountId, day, functionName, ...tally };
}
