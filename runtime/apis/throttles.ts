import type { RouteSettings } from './api-record.ts';

interface Bucket {
  tokens: number;
  /** Epoch milliseconds. */
  filledAt: number;
}

/**
 * Lets requests of routes through as often as their settings say: each route has a bucket that holds the burst at the most and
 * is filled at the rate; a request takes a token. To be made anew for an API that has changed would be to forget, so buckets
 * are kept by name, and those go first that have not been asked for the longest.
 */
export class Throttles {
  readonly #buckets = new Map<string, Bucket>();
  readonly #most: number;

  constructor(most: number = 10_000) {
    this.#most = most;
  }

  /** False when the route named so has no token left now. */
  take(name: string, { throttlingRateLimit: rate, throttlingBurstLimit }: RouteSettings, now: number): boolean {
    if (rate === undefined && throttlingBurstLimit === undefined) return true;
    const perSecond = rate ?? RATE;
    const burst = throttlingBurstLimit ?? Math.max(1, Math.ceil(perSecond));
    const bucket = this.#buckets.get(name) ?? { tokens: burst, filledAt: now };
    const passed = Math.max(0, now - bucket.filledAt) / 1_000;
    const tokens = Math.min(burst, bucket.tokens + passed * perSecond);
    const isLet = tokens >= 1;
    this.#keep(name, { tokens: isLet ? tokens - 1 : tokens, filledAt: now });
    return isLet;
  }

  #keep(name: string, bucket: Bucket): void {
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    if (this.#buckets.size > this.#most) this.#buckets.delete(this.#buckets.keys().next().value as string);
  }
}

/** What API Gateway gives an account, requests a second. */
const RATE = 10_000;
