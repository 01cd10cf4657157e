import { BucketError } from '../../buckets/index.ts';
import type { RequestHead } from '../request-head.ts';

/** What a request is about: all buckets, one, or an object in one. */
export interface S3Address {
  readonly bucket?: string;
  readonly key?: string;
}

const VIRTUAL = /^(?:(.+)\.)?(?:s3\.)localhost(?::\d{1,5})?$|^(.+)\.localhost(?::\d{1,5})?$/i;

/** The bucket stands first in the path, or before `s3.localhost` or `localhost` in the host. Throws an InvalidURI. */
export function parseAddress({ rawPath, headers }: RequestHead): S3Address {
  const [, ofS3, ofHost] = VIRTUAL.exec(headers.host ?? '') ?? [];
  const virtual = (ofS3 ?? ofHost)?.toLowerCase();
  if (virtual !== undefined) return { bucket: virtual, ...toKey(decode(rawPath.slice(1))) };
  const slash = rawPath.indexOf('/', 1);
  const bucket = decode(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash));
  if (bucket === '') return {};
  return { bucket, ...toKey(slash < 0 ? '' : decode(rawPath.slice(slash + 1))) };
}

function toKey(key: string): { readonly key?: string } {
  return key === '' ? {} : { key };
}

/** Percent-decoded; a plus sign is a plus sign. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BucketError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
