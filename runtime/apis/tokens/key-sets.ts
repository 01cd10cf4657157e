import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { isJsonObject } from '../../contract/json.ts';

/** Reads a JSON document of at most some bytes from a URL; rejects when it cannot. */
export type FetchJson = (url: string) => Promise<unknown>;

export interface KeySetsDeps {
  readonly fetchJson: FetchJson;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Why an issuer's keys cannot be had, in a sentence. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError';
}

interface KeySet {
  readonly keys: JWTVerifyGetKey;
  readonly fetchedAt: number;
}

/** As long as API Gateway keeps keys. */
const KEPT_MS = 2 * 60 * 60 * 1_000;
/** An issuer is not asked again sooner than this, whatever tokens name and however asking ended. */
const COOLDOWN_MS = 30_000;
const MOST_ISSUERS = 200;
const MOST_KEYS = 100;

/** The public keys of issuers, by OpenID Connect's discovery: fetched when they are first needed, and kept for some time. */
export class KeySets {
  readonly #deps: KeySetsDeps;
  readonly #sets = new Map<string, KeySet>();
  readonly #fetching = new Map<string, Promise<KeySet>>();
  readonly #failed = new Map<string, { readonly at: number; readonly error: IssuerError }>();

  constructor(deps: KeySetsDeps) {
    this.#deps = deps;
  }

  /** Rejects with an IssuerError. */
  async keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const now = this.#deps.clock();
    const kept = this.#sets.get(issuer);
    if (kept !== undefined && now - kept.fetchedAt < KEPT_MS) return kept.keys;
    try {
      return (await this.#fetch(issuer)).keys;
    } catch (error) {
      // Keys that were good two hours ago are better than none.
      if (kept !== undefined && error instanceof IssuerError) return kept.keys;
      throw error;
    }
  }

  /** Newer keys than those that were tried; undefined when it is too soon to ask for some. */
  async newerKeysOf(issuer: string): Promise<JWTVerifyGetKey | undefined> {
    const kept = this.#sets.get(issuer);
    if (kept !== undefined && this.#deps.clock() - kept.fetchedAt < COOLDOWN_MS) return undefined;
    return (await this.#fetch(issuer)).keys;
  }

  #fetch(issuer: string): Promise<KeySet> {
    const failed = this.#failed.get(issuer);
    if (failed !== undefined && this.#deps.clock() - failed.at < COOLDOWN_MS) return Promise.reject(failed.error);
    const fetching = this.#fetching.get(issuer) ?? this.#fetchAnew(issuer);
    this.#fetching.set(issuer, fetching);
    return fetching;
  }

  async #fetchAnew(issuer: string): Promise<KeySet> {
    try {
      const keys = createLocalJWKSet(await this.#discover(issuer));
      const set = { keys, fetchedAt: this.#deps.clock() };
      keep(this.#sets, issuer, set);
      this.#failed.delete(issuer);
      return set;
    } catch (error) {
      const failure = new IssuerError(`the keys of ${issuer} cannot be had: ${(error as Error).message}`);
      keep(this.#failed, issuer, { at: this.#deps.clock(), error: failure });
      throw failure;
    } finally {
      this.#fetching.delete(issuer);
    }
  }

  async #discover(issuer: string): Promise<JSONWebKeySet> {
    const base = issuer.replace(/\/$/, '');
    const found = await this.#deps.fetchJson(`${base}/.well-known/openid-configuration`);
    const { issuer: named, jwks_uri: uri } = asRecord(found);
    if (typeof uri !== 'string') throw new Error('its configuration names no jwks_uri');
    if (named !== issuer) throw new Error('its configuration names another issuer');
    const { keys } = asRecord(await this.#deps.fetchJson(uri));
    if (!Array.isArray(keys) || keys.length > MOST_KEYS)
      throw new Error(`it has no list of ${MOST_KEYS} keys at the most`);
    return { keys: keys.filter(isKey) };
  }
}

function keep<Value>(kept: Map<string, Value>, issuer: string, value: Value): void {
  kept.delete(issuer);
  kept.set(issuer, value);
  if (kept.size > MOST_ISSUERS) kept.delete(kept.keys().next().value as string);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (!isJsonObject(value)) throw new Error('it answers no JSON object');
  return value;
}

/** Secrets have no place among public keys. */
function isKey(value: unknown): value is JSONWebKeySet['keys'][number] {
  return (
    typeof value === 'object' && value !== null && 'kty' in value && ['RSA', 'EC', 'OKP'].includes(String(value.kty))
  );
}
