import { openSync, readSync } from 'node:fs';

/** What Linux counts for a thread: nanoseconds that it ran, nanoseconds that it could have and another one did, and turns. */
const COUNTS = '/proc/thread-self/schedstat';
const LONGEST = 64;

/** How long the system kept the thread that made this from running, although it wanted to. */
export class RunDelay {
  readonly #counts: number | undefined = openCounts();
  readonly #bytes: Buffer = Buffer.allocUnsafe(LONGEST);

  /** In milliseconds since the thread began; 0 where the system does not tell. Takes some 3 us. */
  read(): number {
    if (this.#counts === undefined) return 0;
    const length = readSync(this.#counts, this.#bytes, 0, LONGEST, 0);
    return Number(this.#bytes.toString('latin1', 0, length).split(' ')[1]) / 1e6 || 0;
  }
}

function openCounts(): number | undefined {
  try {
    return openSync(COUNTS, 'r');
  } catch {
    return undefined;
  }
}
