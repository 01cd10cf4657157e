import type { BucketStore } from '../store/bucket-store.ts';
import { Turns } from '../store/turns.ts';
import { BucketError, noSuchBucket } from './bucket-error.ts';
import type { BucketRecord, BucketSettings, ObjectDetails } from './bucket-record.ts';
import { assertBucketName } from './names.ts';
import { NO_NOTIFICATIONS, type Notifications } from './notifications.ts';

/** As many as S3 gave an account for years. */
const MOST_BUCKETS = 1_000;

/** The buckets that there are: in memory, each change stored before anyone sees it. */
export class BucketTable {
  readonly #store: BucketStore<BucketSettings, ObjectDetails>;
  readonly #clock: () => number;
  readonly #buckets: Map<string, BucketRecord>;
  readonly #turns = new Turns();

  constructor(store: BucketStore<BucketSettings, ObjectDetails>, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
    this.#buckets = new Map(store.buckets().map((bucket) => [bucket.name, bucket]));
  }

  /** Throws a NoSuchBucket. */
  get(name: string): BucketRecord {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw noSuchBucket();
    return bucket;
  }

  /** By name. */
  list(): readonly BucketRecord[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws an InvalidBucketName, BucketAlreadyOwnedByYou or TooManyBuckets. */
  create(name: string, { accountId, region }: Pick<BucketSettings, 'accountId' | 'region'>): Promise<BucketRecord> {
    assertBucketName(name);
    return this.#turns.take(name, async () => {
      if (this.#buckets.has(name)) throw alreadyYours();
      if (this.#buckets.size >= MOST_BUCKETS) {
        throw new BucketError('TooManyBuckets', 'You have attempted to create more buckets than allowed');
      }
      const settings = { accountId, region, createdAt: this.#clock(), notifications: NO_NOTIFICATIONS };
      const bucket: BucketRecord = { name, settings };
      if ((await this.#store.addBucket(bucket)) === 'exists') throw alreadyYours();
      this.#buckets.set(name, bucket);
      return bucket;
    });
  }

  /** Throws a NoSuchBucket. */
  async setNotifications(name: string, notifications: Notifications): Promise<void> {
    await this.#turns.take(name, async () => {
      const bucket = this.get(name);
      const changed = { name, settings: { ...bucket.settings, notifications } };
      if ((await this.#store.changeBucket(changed)) === 'missing') throw noSuchBucket();
      this.#buckets.set(name, changed);
    });
  }

  /** Throws a NoSuchBucket, or a BucketNotEmpty. */
  async delete(name: string): Promise<void> {
    await this.#turns.take(name, async () => {
      this.get(name);
      const outcome = await this.#store.deleteBucket(name);
      if (outcome === 'occupied') {
        throw new BucketError('BucketNotEmpty', 'The bucket you tried to delete is not empty');
      }
      this.#buckets.delete(name);
    });
  }
}

function alreadyYours(): BucketError {
  return new BucketError(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
  );
}
