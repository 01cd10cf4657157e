import { invalidArgument, type MultipartUpload, type Part } from '../../buckets/index.ts';
import { Repeated } from '../query/xml.ts';
import { parseCondition } from './conditions.ts';
import { openSource } from './copy-object.ts';
import { parseMetadata, toChecksumHeaders } from './object-headers.ts';
import { parseContent } from './put-object.ts';
import { childrenOf, malformed, readXml, textOf } from './read-xml.ts';
import type { S3Operation, S3Request } from './s3-operation.ts';
import { toDocument } from './to-document.ts';

const MOST_PARTS = 10_000;
const PAGE = 1_000;

export const createMultipartUpload: S3Operation = async (request) => {
  const { buckets, bucket: Bucket, key: Key } = request;
  await request.allow('PutObject');
  buckets.table.get(Bucket);
  const { id } = await buckets.parts.begin(Bucket, Key, parseMetadata(request));
  return { status: 200, xml: toDocument('InitiateMultipartUploadResult', { Bucket, Key, UploadId: id }) };
};

export const uploadPart: S3Operation = async (request) => {
  await request.allow('PutObject');
  const part = await request.buckets.parts.put(uploadOf(request), numberOf(request), parseContent(request));
  return { status: 200, headers: { etag: toEtag(part), ...(part.checksum ? toChecksumHeaders(part.checksum) : {}) } };
};

export const uploadPartCopy: S3Operation = async (request) => {
  const upload = uploadOf(request);
  const { content, bytes, close } = await openSource(request, request.header('x-amz-copy-source-range'));
  try {
    const part = await request.buckets.parts.put(upload, numberOf(request), { content, bytes });
    const result = { ETag: toEtag(part), LastModified: new Date(part.modifiedAt).toISOString() };
    return { status: 200, xml: toDocument('CopyPartResult', result) };
  } finally {
    await close();
  }
};

export const completeMultipartUpload: S3Operation = async (request) => {
  const { buckets, bucket, key, origin, exchange } = request;
  await request.allow('PutObject');
  const root = readXml(await request.document());
  const parts = childrenOf(root, 'Part').map((part) => {
    const number = Number(textOf(part, 'PartNumber'));
    const etag = textOf(part, 'ETag')?.replaceAll('"', '');
    if (!Number.isInteger(number) || etag === undefined) throw malformed();
    return { number, etag };
  });
  if (parts.length === 0 || parts.length > MOST_PARTS) throw malformed();
  const condition = parseCondition(exchange.head.headers);
  const { details } = await buckets.parts.complete(uploadOf(request), parts, (whole) =>
    buckets.put({ bucket, key, origin }, { ...whole, condition }, 'ObjectCreated:CompleteMultipartUpload'),
  );
  const result = {
    Location: `http://${exchange.head.headers.host}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    ...{ Bucket: bucket, Key: key, ETag: `"${details.etag}"` },
  };
  return { status: 200, xml: toDocument('CompleteMultipartUploadResult', result) };
};

export const abortMultipartUpload: S3Operation = async (request) => {
  await request.allow('AbortMultipartUpload');
  await request.buckets.parts.abort(uploadOf(request));
  return { status: 204 };
};

export const listParts: S3Operation = async (request) => {
  await request.allow('ListMultipartUploadParts');
  const { id, bucket, key, parts } = uploadOf(request);
  const after = Number(request.query('part-number-marker') ?? 0);
  const most = Number(request.query('max-parts') ?? PAGE);
  if (!Number.isInteger(after) || !Number.isInteger(most) || most < 1) throw invalidArgument('A marker is a number.');
  const rest = [...parts.values()].filter(({ number }) => number > after).sort((a, b) => a.number - b.number);
  const shown = rest.slice(0, Math.min(most, PAGE));
  const xml = toDocument('ListPartsResult', {
    ...{ Bucket: bucket, Key: key, UploadId: id, PartNumberMarker: after, MaxParts: Math.min(most, PAGE) },
    ...{ NextPartNumberMarker: shown.at(-1)?.number ?? 0, IsTruncated: rest.length > shown.length },
    Part: new Repeated(
      shown.map((part) => ({
        ...{ PartNumber: part.number, LastModified: new Date(part.modifiedAt).toISOString() },
        ...{ ETag: toEtag(part), Size: part.bytes },
      })),
    ),
  });
  return { status: 200, xml };
};

/** All there are: they are at most a page. */
export const listMultipartUploads: S3Operation = async (request) => {
  const { buckets, bucket } = request;
  await request.allow('ListBucketMultipartUploads');
  buckets.table.get(bucket);
  const prefix = request.query('prefix') ?? '';
  const uploads = buckets.parts.list(bucket).filter(({ key }) => key.startsWith(prefix));
  const xml = toDocument('ListMultipartUploadsResult', {
    ...{ Bucket: bucket, Prefix: prefix, MaxUploads: PAGE, IsTruncated: false },
    Upload: new Repeated(
      uploads.map(({ id, key, startedAt }) => ({
        ...{ Key: key, UploadId: id, Initiated: new Date(startedAt).toISOString(), StorageClass: 'STANDARD' },
      })),
    ),
  });
  return { status: 200, xml };
};

function uploadOf(request: S3Request): MultipartUpload {
  const { buckets, bucket, key } = request;
  buckets.table.get(bucket);
  return buckets.parts.get(request.query('uploadId') ?? '', bucket, key);
}

function numberOf(request: S3Request): number {
  return Number(request.query('partNumber') || Number.NaN);
}

function toEtag({ md5 }: Part): string {
  return `"${md5.toString('hex')}"`;
}
