import type { StoredBucket, StoredObject } from '../store/bucket-store.ts';
import type { Checksum } from './checksum.ts';
import type { Notifications } from './notifications.ts';

export interface BucketSettings {
  readonly accountId: string;
  readonly region: string;
  /** Epoch milliseconds, as all times here. */
  readonly createdAt: number;
  readonly notifications: Notifications;
}

/** What is said of an object when it is put. */
export interface ObjectMetadata {
  readonly contentType?: string;
  /** Other headers that S3 keeps, such as `cache-control`; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Behind `x-amz-meta-`; names in lower case. */
  readonly user: Readonly<Record<string, string>>;
}

export interface ObjectDetails extends ObjectMetadata {
  /** MD5 of the bytes in hexadecimal, without quotes. */
  readonly etag: string;
  readonly modifiedAt: number;
  /** The one that the client sent, if it did. */
  readonly checksum?: Checksum;
}

export type BucketRecord = StoredBucket<BucketSettings>;
export type ObjectRecord = StoredObject<ObjectDetails>;
