export {
  BucketError,
  type BucketErrorCode,
  invalidArgument,
  noSuchKey,
  preconditionFailed,
} from './bucket-error.ts';
export type { BucketRecord, BucketSettings, ObjectDetails, ObjectMetadata, ObjectRecord } from './bucket-record.ts';
export { Buckets, type OpenObject, type Origin, type Place } from './buckets.ts';
export { CHECKSUM_ALGORITHMS, type Checksum, type ChecksumAlgorithm } from './checksum.ts';
export type { Listing, ListingOptions } from './listing.ts';
export type { MultipartUpload, Part } from './multipart-uploads.ts';
export { toBucketArn, toObjectArn } from './names.ts';
export type { Notifications, NotificationTarget } from './notifications.ts';
export type { Condition, ExpectedDigest, Upload } from './upload.ts';
