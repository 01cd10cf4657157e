import { createHash } from 'node:crypto';

/** What a Lambda authorizer said of a caller. */
export interface AuthorizerResult {
  /** Whether the caller may take every route, or a policy that says which. */
  readonly says: boolean | { readonly policy: unknown };
  readonly context?: Readonly<Record<string, unknown>>;
  /** Whom a policy is about. */
  readonly principalId?: string;
}

interface Kept {
  readonly result: AuthorizerResult;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Results that are kept, of all authorizers together: some 16 KiB each at the most. */
const MOST_RESULTS = 2_000;
const MOST_RESULT_BYTES = 16_384;

/** Keeps what Lambda authorizers say, for as long as they may be believed; the longest unused go first. */
export class AuthorizerResults {
  readonly #clock: () => number;
  readonly #kept = new Map<string, Kept>();

  /** `clock`: epoch milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** `of`: the authorizer as it is now, so that one that was changed is asked anew, and what identifies the caller. */
  find(of: readonly string[]): AuthorizerResult | undefined {
    const key = toKey(of);
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    if (kept.until <= this.#clock()) return undefined;
    this.#kept.set(key, kept);
    return kept.result;
  }

  forget(): void {
    this.#kept.clear();
  }

  keep(of: readonly string[], result: AuthorizerResult, seconds: number): void {
    if (seconds === 0 || JSON.stringify(result).length > MOST_RESULT_BYTES) return;
    const key = toKey(of);
    this.#kept.delete(key);
    this.#kept.set(key, { result, until: this.#clock() + seconds * 1_000 });
    if (this.#kept.size > MOST_RESULTS) this.#kept.delete(this.#kept.keys().next().value as string);
  }
}

/** What identifies callers is secret, and as long as they like. */
function toKey(of: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('base64');
}
