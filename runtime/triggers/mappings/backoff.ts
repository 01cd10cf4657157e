/** Longer and longer pauses while something does not work. */
export class Backoff {
  readonly #firstMs: number;
  readonly #lastMs: number;
  #failures = 0;

  constructor(firstMs: number, lastMs: number) {
    this.#firstMs = firstMs;
    this.#lastMs = lastMs;
  }

  /** How long to pause this time, in milliseconds. */
  next(): number {
    const delay = Math.min(this.#firstMs * 2 ** this.#failures, this.#lastMs);
    this.#failures += 1;
    return delay;
  }

  reset(): void {
    this.#failures = 0;
  }
}

/** Resolves after so many milliseconds, or when the signal says so. Keeps no process alive. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds).unref();
    signal.addEventListener('abort', end, { once: true });
  });
}
