import { BucketError, invalidArgument } from './bucket-error.ts';

/** In bytes of UTF-8. S3's. */
const KEY_BYTES = 1_024;
const NAME = /^(?!xn--|\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/;

/** Throws an InvalidBucketName for what S3 lets nobody call a bucket. */
export function assertBucketName(name: string): void {
  if (!NAME.test(name)) throw new BucketError('InvalidBucketName', 'The specified bucket is not valid.');
}

/** Throws a KeyTooLongError, or an InvalidArgument for what is no text. */
export function assertKey(key: string): void {
  if (key === '' || /\p{Surrogate}/u.test(key)) throw invalidArgument('The key is no text.');
  if (Buffer.byteLength(key) > KEY_BYTES) throw new BucketError('KeyTooLongError', 'Your key is too long');
}

export function toBucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function toObjectArn(bucket: string, key: string): string {
  return `${toBucketArn(bucket)}/${key}`;
}
