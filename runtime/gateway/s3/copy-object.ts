import {
  BucketError,
  invalidArgument,
  type ObjectRecord,
  type OpenObject,
  preconditionFailed,
} from '../../buckets/index.ts';
import { parseCondition, weigh } from './conditions.ts';
import { parseMetadata } from './object-headers.ts';
import { parseRange } from './range.ts';
import { decode } from './s3-address.ts';
import type { S3Operation, S3Request } from './s3-operation.ts';
import { toDocument } from './to-document.ts';

const PIECE_BYTES = 262_144;

export const copyObject: S3Operation = async (request) => {
  const { buckets, bucket, key, origin, exchange } = request;
  const replaces = replacesMetadata(request);
  const { record, content, bytes, source, close } = await openSource(request);
  try {
    if (source.bucket === bucket && source.key === key && !replaces) {
      throw new BucketError(
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
      );
    }
    const { contentType, headers, user, checksum } = record.details;
    const kept = { ...(contentType === undefined ? {} : { contentType }), headers, user };
    const stated = parseMetadata(request);
    const { details } = await buckets.put(
      { bucket, key, origin },
      {
        ...{ bytes, content, metadata: replaces ? stated : kept },
        ...(checksum === undefined ? {} : { algorithm: checksum.algorithm }),
        condition: parseCondition(exchange.head.headers),
      },
      'ObjectCreated:Copy',
    );
    const result = { ETag: `"${details.etag}"`, LastModified: new Date(details.modifiedAt).toISOString() };
    return { status: 200, xml: toDocument('CopyObjectResult', result) };
  } finally {
    await close();
  }
};

/** An object that is copied from: whole, or a range of it. */
interface Source {
  readonly source: { readonly bucket: string; readonly key: string };
  readonly record: ObjectRecord;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array>;
  readonly close: () => Promise<void>;
}

/** Opens what `x-amz-copy-source` names, if the caller may copy it, and its conditions hold. */
export async function openSource(request: S3Request, rangeHeader?: string): Promise<Source> {
  const source = parseSource(request.header('x-amz-copy-source') ?? '');
  await request.allow('PutObject');
  await request.allow('GetObject', source);
  const open = await request.buckets.openObject(source.bucket, source.key);
  const { record, reader } = open;
  try {
    if (weigh(record, request.headersAfter('x-amz-copy-source-')) === 'not-modified') throw preconditionFailed();
    const { start, length } = parseRange(rangeHeader, record.bytes) ?? { start: 0, length: record.bytes };
    return { source, record, bytes: length, content: readRange(open, start, length), close: () => reader.close() };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

function replacesMetadata(request: S3Request): boolean {
  const directive = request.header('x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') throw invalidArgument('Unknown metadata directive.');
  return directive === 'REPLACE';
}

/** `bucket/key`, percent-encoded, perhaps with a slash before it and a version behind. */
function parseSource(text: string): { readonly bucket: string; readonly key: string } {
  const [path = '', version] = text.split('?versionId=');
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
  if (bucket === undefined || key === undefined) {
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  }
  if (version !== undefined && version !== 'null') {
    throw new BucketError('NotImplemented', 'Versions of objects are not supported here.');
  }
  return { bucket, key };
}

async function* readRange({ reader }: OpenObject, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; ) {
    const piece = await reader.read(start + at, Math.min(PIECE_BYTES, length - at));
    if (piece.byteLength === 0) return;
    at += piece.byteLength;
    yield piece;
  }
}
