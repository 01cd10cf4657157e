/** Names a blob: sha256 of its bytes, 64 lower-case hexadecimal digits. */
export type BlobHash = string;

/**
 * Bytes by content. A blob is immutable: its name is its hash, so writing one twice is writing it once, and what `get`
 * answers is what was put, or nothing.
 */
export interface BlobStore {
  /** Resolves when the bytes survive a crash. */
  put(bytes: Uint8Array): Promise<BlobHash>;

  /** The bytes, verified against their name; `missing` when there are none, `corrupt` when they are not what was put. */
  get(hash: BlobHash): Promise<Uint8Array | 'missing' | 'corrupt'>;

  /**
   * Removes every blob that is not in `keep` and was last put before `writtenBefore` (epoch milliseconds), and leftovers of
   * interrupted writes as old; answers how many went. May run beside `put`: what that has answered stays.
   */
  retain(keep: ReadonlySet<BlobHash>, options: { readonly writtenBefore: number }): Promise<number>;
}
