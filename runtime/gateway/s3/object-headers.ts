import { BucketError, invalidArgument, type ObjectMetadata, type ObjectRecord } from '../../buckets/index.ts';
import type { S3Request } from './s3-operation.ts';

const USER = 'x-amz-meta-';
/** Names and values together, in bytes. S3's. */
const USER_BYTES = 2_048;
const DEFAULT_TYPE = 'binary/octet-stream';
/** What is kept beside the type and given back. */
const KEPT = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];
/** What asks for more than there is. */
const BEYOND = [
  ...['x-amz-server-side-encryption', 'x-amz-object-lock', 'x-amz-tagging', 'x-amz-website-redirect-location'],
  ...['x-amz-grant', 'x-amz-write-offset-bytes'],
];

/** What the headers of a request say of the object that it puts. */
export function parseMetadata(request: S3Request): ObjectMetadata {
  const { headers: all } = request.exchange.head;
  const beyond = Object.keys(all).find((name) => BEYOND.some((prefix) => name.startsWith(prefix)));
  if (beyond !== undefined) {
    throw new BucketError(
      'NotImplemented',
      `A header you provided implies functionality that is not implemented: ${beyond}`,
    );
  }
  const user = request.headersAfter(USER);
  const size = Object.entries(user).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > USER_BYTES) {
    throw new BucketError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  }
  const headers: Record<string, string> = {};
  for (const name of KEPT) {
    const value = name === 'content-encoding' ? withoutChunked(all[name]) : all[name];
    if (value) headers[name] = value;
  }
  const type = all['content-type'];
  for (const value of [...Object.values(user), ...Object.values(headers), type ?? '']) assertValue(value);
  return { ...(type ? { contentType: type } : {}), headers, user };
}

/** How a body came is none of the object's. */
function withoutChunked(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== 'aws-chunked')
    .join(', ');
}

function assertValue(value: string): void {
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw invalidArgument('A header cannot have this value.');
}

/** An object's own headers. `wantsChecksum`: the whole of it is answered, to someone who asked for its checksum. */
export function toObjectHeaders(
  { details }: ObjectRecord,
  request: S3Request,
  { isWhole }: { readonly isWhole: boolean },
): Record<string, string> {
  const { contentType = DEFAULT_TYPE, headers, user, etag, modifiedAt, checksum } = details;
  const wantsChecksum = isWhole && request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    ...{ 'content-type': contentType, ...headers, ...overrides(request) },
    ...{ etag: `"${etag}"`, 'last-modified': toHttpDate(modifiedAt), 'accept-ranges': 'bytes' },
    ...(wantsChecksum && checksum !== undefined ? toChecksumHeaders(checksum) : {}),
    ...Object.fromEntries(Object.entries(user).map(([name, value]) => [`${USER}${name}`, value])),
  };
}

export function toChecksumHeaders({ algorithm, value }: { algorithm: string; value: string }): Record<string, string> {
  return { [`x-amz-checksum-${algorithm}`]: value, 'x-amz-checksum-type': 'FULL_OBJECT' };
}

function toHttpDate(epochMs: number): string {
  return new Date(epochMs).toUTCString();
}

/** What the query says the answer's headers are to be. */
function overrides(request: S3Request): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ['content-type', ...KEPT]) {
    const value = request.query(`response-${name}`);
    if (value === undefined) continue;
    assertValue(value);
    found[name] = value;
  }
  return found;
}
