/** A bucket and what is configured for it; `settings` is the domain's, a plain JSON value. */
export interface StoredBucket<Settings = unknown> {
  readonly name: string;
  readonly settings: Settings;
}

/** An object's place and size; `details` is the domain's, a plain JSON value. */
export interface StoredObject<Details = unknown> {
  readonly key: string;
  /** Names the file that its bytes are in. */
  readonly file: string;
  readonly bytes: number;
  readonly details: Details;
}

/** Objects of a bucket by the UTF-8 bytes of their keys. */
export interface KeyRange {
  readonly from: Uint8Array;
  /** Undefined: to the last one. */
  readonly before: Uint8Array | undefined;
  readonly limit: number;
}

/**
 * What is known of buckets and their objects, but for the bytes. Every change is one transaction: when its promise resolves it
 * survives a crash, and a crash before that leaves what was. Looking is answered at once, by what was changed last.
 */
export interface BucketStore<Settings = unknown, Details = unknown> {
  buckets(): readonly StoredBucket<Settings>[];
  addBucket(bucket: StoredBucket<Settings>): Promise<'added' | 'exists'>;
  changeBucket(bucket: StoredBucket<Settings>): Promise<'changed' | 'missing'>;
  deleteBucket(name: string): Promise<'deleted' | 'missing' | 'occupied'>;

  object(bucket: string, key: string): StoredObject<Details> | undefined;
  /** In the order of their keys' bytes. */
  objects(bucket: string, range: KeyRange): readonly StoredObject<Details>[];
  /** Adds an object, or replaces the one with its key. */
  putObject(bucket: string, object: StoredObject<Details>): Promise<'stored' | 'no-bucket'>;
  deleteObject(bucket: string, key: string): Promise<'deleted' | 'missing'>;

  /** The files that all objects are in, and what they weigh together. */
  files(): { readonly names: ReadonlySet<string>; readonly bytes: number };
}
