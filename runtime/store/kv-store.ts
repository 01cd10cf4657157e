import type { Scope } from '../contract/scope.ts';

/** A set of keys: every account and region has its own. */
export interface KvNamespace extends Scope {
  readonly namespace: string;
}

export interface KvEntry {
  readonly value: Uint8Array;
  /** Grows with every change in its namespace: a key that was deleted and put again has one that it never had. */
  readonly version: number;
}

/** An entry without its value. */
export interface KvKey {
  readonly key: string;
  readonly version: number;
  readonly bytes: number;
}

/** One change; it is made only if the key's version is `ifVersion`, where that is given. 0: there is no such key. */
export type KvChange = { readonly at: KvNamespace; readonly key: string; readonly ifVersion?: number } & (
  | { readonly kind: 'put'; readonly value: Uint8Array }
  | { readonly kind: 'delete' }
);

export type KvChanged =
  /** Made. `version` is the key's new one, 0 when it is gone; `existed` tells whether it was there before. */
  | { readonly kind: 'changed'; readonly version: number; readonly existed: boolean }
  /** Not made: this is the key's version. */
  | { readonly kind: 'conflict'; readonly version: number }
  /** Not made: no more fits into the namespace, or the account has no room for it. */
  | { readonly kind: 'full'; readonly limit: 'namespace' | 'account' };

export interface KvLimits {
  /** What keys, values and KV_ENTRY_BYTES for each of them may take in one namespace, and in all of an account and region. */
  readonly namespaceBytes: number;
  readonly accountBytes: number;
}

/**
 * Durable values by key. Rejections are I/O failures, never conditions of the domain: those are answered as values.
 * Keys are text, ordered by their UTF-8 bytes.
 */
export interface KvStore {
  get(at: KvNamespace, key: string): Promise<KvEntry | undefined>;

  /** At most `limit` keys that begin with `prefix`, in order, those behind `after`. */
  list(
    at: KvNamespace,
    range: { readonly prefix: string; readonly after: string; readonly limit: number },
  ): Promise<readonly KvKey[]>;

  /**
   * Makes changes in their order, in one transaction: when the promise resolves they survive a crash. Each is answered for
   * itself; one that is not made keeps no other from being made.
   */
  apply(changes: readonly KvChange[]): Promise<readonly KvChanged[]>;
}
