import { BucketError, noSuchKey, preconditionFailed } from './bucket-error.ts';
import type { ObjectMetadata, ObjectRecord } from './bucket-record.ts';
import type { ChecksumAlgorithm } from './checksum.ts';

/** What must be true of the object that is there, for it to be replaced or deleted. */
export interface Condition {
  /** ETag without quotes, or `*`. */
  readonly ifMatch?: string;
  /** There must be none. */
  readonly ifNoneMatch?: '*';
}

/** What the bytes must sum up to. */
export interface ExpectedDigest {
  readonly md5?: Uint8Array;
  /** In base64, by the upload's algorithm. */
  readonly checksum?: string;
}

/** An object on its way in. */
export interface Upload {
  readonly content: AsyncIterable<Uint8Array>;
  /** As many as `content` must have. */
  readonly bytes: number;
  readonly metadata: ObjectMetadata;
  readonly algorithm?: ChecksumAlgorithm;
  /** Asked for when the content has been read: it may stand behind it. */
  readonly expected?: () => ExpectedDigest;
  readonly condition?: Condition;
  /** Where it is not the MD5 of the bytes. */
  readonly etag?: string;
}

/** Throws a PreconditionFailed, or a NoSuchKey where an object must be there and none is. */
export function assertCondition(condition: Condition | undefined, current: ObjectRecord | undefined): void {
  if (condition?.ifNoneMatch === '*' && current !== undefined) throw preconditionFailed();
  if (condition?.ifMatch === undefined) return;
  if (current === undefined) throw noSuchKey();
  if (condition.ifMatch !== '*' && condition.ifMatch !== current.details.etag) throw preconditionFailed();
}

/** Throws a BadDigest unless the bytes are those that were meant. */
export function assertDigest(
  { md5, checksum }: ExpectedDigest,
  actual: { readonly md5: Uint8Array; readonly checksum?: string | undefined },
): void {
  if (md5 !== undefined && Buffer.compare(md5, actual.md5) !== 0) {
    throw new BucketError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  if (checksum !== undefined && checksum !== actual.checksum) {
    throw new BucketError('BadDigest', 'The checksum you specified did not match what we received.');
  }
}
