import {
  BucketError,
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  type ExpectedDigest,
  type ObjectRecord,
  type Upload,
} from '../../buckets/index.ts';
import { parseCondition } from './conditions.ts';
import { type Content, openContent } from './content.ts';
import { parseMetadata, toChecksumHeaders } from './object-headers.ts';
import type { S3Operation, S3Request } from './s3-operation.ts';

const CHECKSUM = 'x-amz-checksum-';

export const putObject: S3Operation = async (request) => {
  const { buckets, bucket, key, origin, exchange } = request;
  await request.allow('PutObject');
  const condition = parseCondition(exchange.head.headers);
  const upload = { ...parseContent(request), metadata: parseMetadata(request), condition };
  return { status: 200, headers: toPutHeaders(await buckets.put({ bucket, key, origin }, upload)) };
};

/** What a request has for an object, or a part of one, with what it says of its sums. */
export function parseContent(request: S3Request): Pick<Upload, 'content' | 'bytes' | 'algorithm' | 'expected'> {
  const content = openContent(request.exchange, request.caller.payload);
  const asked = parseChecksum(request);
  return {
    ...{ bytes: content.bytes, content: content.pieces },
    ...(asked === undefined ? {} : { algorithm: asked.algorithm }),
    expected: createExpected(request, content, asked),
  };
}

function toPutHeaders({ details: { etag, checksum } }: ObjectRecord): Readonly<Record<string, string>> {
  return { etag: `"${etag}"`, ...(checksum === undefined ? {} : toChecksumHeaders(checksum)) };
}

/** A checksum that the client sends; without a value it stands behind the body. */
interface AskedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value?: string;
}

function parseChecksum(request: S3Request): AskedChecksum | undefined {
  const { algorithm: _, type: __, mode: ___, ...given } = request.headersAfter(CHECKSUM);
  const behind = (request.header('x-amz-trailer') ?? '').split(',').map((name) => name.trim().toLowerCase());
  const asked = [
    ...Object.entries(given).map(([name, value]) => ({ name, value })),
    ...behind.filter((name) => name.startsWith(CHECKSUM)).map((name) => ({ name: name.slice(CHECKSUM.length) })),
  ];
  const [first] = asked;
  if (first === undefined) return undefined;
  const algorithm = CHECKSUM_ALGORITHMS.find((each) => each === first.name);
  if (asked.length > 1 || algorithm === undefined) {
    throw new BucketError('InvalidRequest', 'Expecting a single x-amz-checksum- header, of an algorithm that S3 knows');
  }
  return 'value' in first ? { algorithm, value: String(first.value) } : { algorithm };
}

function createExpected(request: S3Request, content: Content, asked: AskedChecksum | undefined): () => ExpectedDigest {
  const md5 = parseMd5(request.header('content-md5'));
  return () => {
    const checksum = asked && (asked.value ?? content.trailer().get(`${CHECKSUM}${asked.algorithm}`));
    if (asked !== undefined && checksum === undefined) {
      throw new BucketError('InvalidRequest', 'The trailer that x-amz-trailer announces is missing.');
    }
    return { ...(md5 === undefined ? {} : { md5 }), ...(checksum === undefined ? {} : { checksum }) };
  };
}

export function parseMd5(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const md5 = Buffer.from(text, 'base64');
  if (md5.byteLength === 16 && md5.toString('base64') === text.trim()) return md5;
  throw new BucketError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
}
