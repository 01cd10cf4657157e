import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';

interface Known {
  readonly payload: JWTPayload;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** A signature is believed this long before it is verified again, in milliseconds: by then keys may be others. */
const KNOWN_MS = 300_000;
/** Some 16 KiB each at the most, as they came in a head. */
const MOST_TOKENS = 2_000;

/** Tokens whose signature held: clients send theirs again and again. The longest unused go first. */
export class KnownTokens {
  readonly #known = new Map<string, Known>();

  /** What the token says, unless it is unknown, or has expired. */
  find(issuer: string, token: string, now: number): JWTPayload | undefined {
    const key = toKey(issuer, token);
    const known = this.#known.get(key);
    if (known === undefined) return undefined;
    this.#known.delete(key);
    if (known.until <= now) return undefined;
    this.#known.set(key, known);
    return known.payload;
  }

  keep(issuer: string, token: string, payload: JWTPayload, now: number): void {
    const until = Math.min(now + KNOWN_MS, Math.floor(payload.exp ?? 0) * 1_000);
    this.#known.set(toKey(issuer, token), { payload, until });
    if (this.#known.size > MOST_TOKENS) this.#known.delete(this.#known.keys().next().value as string);
  }
}

/** Whoever has a token may do what it says, so none is kept. */
function toKey(issuer: string, token: string): string {
  return createHash('sha256').update(`${issuer}\n${token}`).digest('base64');
}
