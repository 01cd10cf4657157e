import { BucketError, type ObjectRecord, type OpenObject } from '../../buckets/index.ts';
import { StreamedAnswer } from '../streamed-answer.ts';
import { weigh } from './conditions.ts';
import { toObjectHeaders } from './object-headers.ts';
import { parseRange, type Range } from './range.ts';
import type { S3Answer, S3Operation, S3Request } from './s3-operation.ts';
import { toDocument } from './to-document.ts';

/** Read at a time, in bytes: large enough to cost little, and kept for one client once. */
const PIECE_BYTES = 262_144;

export const getObject: S3Operation = async (request) => {
  await allowRead(request);
  const object = await request.buckets.openObject(request.bucket, request.key);
  try {
    const planned = plan(object.record, request);
    if (planned.status === 304) return planned;
    await sendBytes(request, object, planned);
    return 'sent';
  } finally {
    await object.reader.close();
  }
};

export const headObject: S3Operation = async (request) => {
  await allowRead(request);
  const planned = plan(request.buckets.get(request.bucket, request.key), request);
  if (planned.status === 304) return planned;
  const answer = new StreamedAnswer(request.exchange);
  answer.begin(planned);
  answer.end();
  return 'sent';
};

/** Nothing has tags here, which is what S3 says of an object that nobody has tagged; clients ask before they copy in parts. */
export const getObjectTagging: S3Operation = async (request) => {
  await request.allow('GetObjectTagging');
  request.buckets.get(request.bucket, request.key);
  return { status: 200, xml: toDocument('Tagging', { TagSet: '' }) };
};

interface Planned extends S3Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly range: Range;
}

function plan(record: ObjectRecord, request: S3Request): Planned {
  assertPlain(request);
  const { requestId } = request.exchange;
  const { bytes } = record;
  const all = { start: 0, length: bytes };
  if (weigh(record, request.exchange.head.headers) === 'not-modified') {
    const { etag, 'last-modified': modified = '' } = toObjectHeaders(record, request, { isWhole: false });
    return { status: 304, headers: { etag: etag ?? '', 'last-modified': modified }, range: all };
  }
  const range = parseRange(request.header('range'), bytes);
  const headers = {
    ...toObjectHeaders(record, request, { isWhole: range === undefined }),
    ...{ 'x-amz-request-id': requestId, 'content-length': String(range?.length ?? bytes) },
  };
  if (range === undefined) return { status: 200, headers, range: all };
  const { start, length } = range;
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${start + length - 1}/${bytes}` },
    range,
  };
}

/** Each piece is read when the client has taken the one before. */
async function sendBytes({ exchange }: S3Request, { reader }: OpenObject, planned: Planned): Promise<void> {
  const answer = new StreamedAnswer(exchange);
  const { start, length } = planned.range;
  const first = await reader.read(start, Math.min(length, PIECE_BYTES));
  answer.begin(planned);
  let piece = first;
  for (let sent = 0; ; ) {
    if (piece.byteLength > 0) await new Promise<void>((taken) => answer.write(piece, taken));
    sent += piece.byteLength;
    if (sent >= length || exchange.outgoing.destroyed) break;
    piece = await reader.read(start + sent, Math.min(length - sent, PIECE_BYTES));
    // A file that ends too early must not look whole.
    if (piece.byteLength === 0) return answer.cut();
  }
  answer.end();
}

function assertPlain(request: S3Request): void {
  if ((request.query('versionId') ?? 'null') !== 'null') {
    throw new BucketError('NotImplemented', 'Versions of objects are not supported here.');
  }
  if ((request.query('partNumber') ?? '1') !== '1') {
    throw new BucketError('NotImplemented', 'Parts of objects are not supported here.');
  }
}

/** Who may not list is not told what there is not. */
async function allowRead(request: S3Request): Promise<void> {
  const { bucket, key, buckets } = request;
  await request.allow('GetObject');
  buckets.table.get(bucket);
  try {
    buckets.get(bucket, key);
  } catch (error) {
    const denial = await request.denial('ListBucket', { bucket });
    throw denial === undefined ? error : new BucketError('AccessDenied', denial);
  }
}
