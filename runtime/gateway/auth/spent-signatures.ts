import { LambdaError } from '../../contract/errors.ts';
import { LONGEST_SKEW_MS, toLongDate } from './freshness.ts';

/**
 * Requests that are signed in the same second and alike have the same signature: no client sends them further apart than
 * this, in milliseconds, and whoever tries again signs anew.
 */
const TWIN_MS = 5_000;
/** A signature dated ahead is good for that long from when it comes first. */
const KEPT_MS = 2 * LONGEST_SKEW_MS;

/**
 * The signatures of requests that changed something, for as long as their dates are good: who has recorded such a request
 * cannot send it again. What is remembered ends with the process; when there is too much of it the oldest goes.
 */
export class SpentSignatures {
  readonly #most: number;
  readonly #cameAt = new Map<string, number>();

  constructor(most: number = 65_536) {
    this.#most = most;
  }

  /** Throws an InvalidSignatureException for one that was spent some while ago. */
  spend(signature: string, now: number): void {
    const cameAt = this.#cameAt.get(signature);
    if (cameAt === undefined) this.#remember(signature, now);
    else if (now - cameAt > TWIN_MS) {
      const text = `Signature already used: the request that it signs came at ${toLongDate(cameAt)}.`;
      throw new LambdaError('InvalidSignatureException', text);
    }
  }

  #remember(signature: string, now: number): void {
    this.#cameAt.set(signature, now);
    for (const [oldest, cameAt] of this.#cameAt) {
      if (this.#cameAt.size <= this.#most && now - cameAt <= KEPT_MS) return;
      this.#cameAt.delete(oldest);
    }
  }
}
