import type { Observer } from '../../contract/observer.ts';

/** How long the same is not said again, in milliseconds, and of how many sentences that is remembered. */
const QUIET_MS = 60_000;
const MOST_SENTENCES = 1_000;

/** What visitors of a misconfigured API cause is said once in a while: they come as often as they like. */
export class Rarely {
  readonly #deps: { readonly observer: Observer; readonly clock: () => number };
  readonly #saidAt = new Map<string, number>();

  constructor(deps: { readonly observer: Observer; readonly clock: () => number }) {
    this.#deps = deps;
  }

  warn(sentence: string): void {
    const now = this.#deps.clock();
    const saidAt = this.#saidAt.get(sentence);
    if (saidAt !== undefined && now - saidAt < QUIET_MS) return;
    this.#saidAt.delete(sentence);
    this.#saidAt.set(sentence, now);
    if (this.#saidAt.size > MOST_SENTENCES) this.#saidAt.delete(this.#saidAt.keys().next().value as string);
    this.#deps.observer.noticed('warn', sentence);
  }
}
