import { invalidArgument, type Listing, type ObjectRecord } from '../../buckets/index.ts';
import { Repeated, type XmlValue } from '../query/xml.ts';
import type { S3Operation, S3Request } from './s3-operation.ts';
import { toDocument } from './to-document.ts';

const MOST = 1_000;

interface Asked {
  readonly prefix: string;
  readonly delimiter: string;
  readonly most: number;
  /** How keys are written: XML cannot say all that they may hold. */
  readonly say: (key: string) => string;
  readonly encoding: 'url' | undefined;
}

export const listObjectsV2: S3Operation = async (request) => {
  await request.allow('ListBucket');
  const asked = parse(request);
  const { say, encoding } = asked;
  const [token, startAfter] = [request.query('continuation-token'), request.query('start-after')];
  const after = token === undefined ? (startAfter ?? '') : fromToken(token);
  const listing = request.buckets.list(request.bucket, { ...asked, after });
  const xml = toDocument('ListBucketResult', {
    ...shared(request, asked, listing),
    KeyCount: listing.objects.length + listing.prefixes.length,
    ContinuationToken: token,
    NextContinuationToken: listing.next === undefined ? undefined : toToken(listing.next),
    StartAfter: startAfter === undefined ? undefined : say(startAfter),
    EncodingType: encoding,
    Contents: new Repeated(listing.objects.map((object) => toContents(object, asked))),
    ...commonPrefixes(listing, asked),
  });
  return { status: 200, xml };
};

export const listObjects: S3Operation = async (request) => {
  await request.allow('ListBucket');
  const asked = parse(request);
  const { say, encoding, delimiter } = asked;
  const marker = request.query('marker') ?? '';
  const listing = request.buckets.list(request.bucket, { ...asked, after: marker });
  const { accountId } = request.caller.scope;
  const Owner = { ID: accountId, DisplayName: accountId };
  const xml = toDocument('ListBucketResult', {
    ...shared(request, asked, listing),
    Marker: say(marker),
    NextMarker: listing.next === undefined || delimiter === '' ? undefined : say(listing.next),
    EncodingType: encoding,
    Contents: new Repeated(listing.objects.map((object) => ({ ...toContents(object, asked), Owner }))),
    ...commonPrefixes(listing, asked),
  });
  return { status: 200, xml };
};

function parse(request: S3Request): Asked {
  const text = request.query('max-keys') ?? String(MOST);
  if (!/^\d{1,9}$/.test(text)) throw invalidArgument('Provided max-keys not an integer or within integer range');
  const encoding = request.query('encoding-type') || undefined;
  if (encoding !== undefined && encoding !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request');
  return {
    ...{ prefix: request.query('prefix') ?? '', delimiter: request.query('delimiter') ?? '' },
    ...{ most: Math.min(MOST, Number(text)), encoding },
    say: encoding === undefined ? (key) => key : toUrlText,
  };
}

function shared(
  { bucket }: S3Request,
  { prefix, delimiter, most, say }: Asked,
  { next }: Listing,
): Record<string, XmlValue> {
  return {
    ...{ Name: bucket, Prefix: say(prefix), Delimiter: delimiter === '' ? undefined : say(delimiter) },
    ...{ MaxKeys: most, IsTruncated: next !== undefined },
  };
}

function toContents({ key, bytes, details }: ObjectRecord, { say }: Asked): Record<string, XmlValue> {
  const { modifiedAt, etag, checksum } = details;
  return {
    ...{ Key: say(key), LastModified: new Date(modifiedAt).toISOString(), ETag: `"${etag}"` },
    ...(checksum === undefined
      ? {}
      : { ChecksumAlgorithm: checksum.algorithm.toUpperCase(), ChecksumType: 'FULL_OBJECT' }),
    ...{ Size: bytes, StorageClass: 'STANDARD' },
  };
}

function commonPrefixes({ prefixes }: Listing, { say }: Asked): { readonly CommonPrefixes: XmlValue } {
  return { CommonPrefixes: new Repeated(prefixes.map((prefix) => ({ Prefix: say(prefix) }))) };
}

/** Percent-encoded, but for slashes. */
function toUrlText(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/');
}

function toToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function fromToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (token === '' || toToken(key) !== token) throw invalidArgument('The continuation token provided is incorrect');
  return key;
}
