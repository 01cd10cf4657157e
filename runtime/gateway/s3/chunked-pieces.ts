import { createHash, timingSafeEqual } from 'node:crypto';
import { BucketError } from '../../buckets/index.ts';
import type { ChunkSigning } from '../auth/s3-authenticator.ts';
import { hmac } from '../auth/signing-key.ts';
import { malformedChunks, PieceReader } from './piece-reader.ts';

const HEADER_BYTES = 1_024;
const MOST_TRAILERS = 16;
const CHUNK = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i;
const EMPTY = createHash('sha256').digest('hex');

export interface ChunkedOptions {
  /** Absent: chunks are not signed. */
  readonly signing?: ChunkSigning;
  readonly hasTrailer: boolean;
  /** Told what stands behind the last chunk, names in lower case. */
  readonly trailer: (fields: ReadonlyMap<string, string>) => void;
}

/**
 * Takes the chunks of S3's `aws-chunked` apart, and checks their signatures. What it yields may still turn out to be forged, at
 * the end of its chunk: then it throws.
 *
 * ```
 * 10000;chunk-signature=ad80...\r\n  65,536 bytes  \r\n
 * 0;chunk-signature=b6c6...\r\n
 * x-amz-checksum-crc32:sOO8/Q==\r\n  x-amz-trailer-signature:63bd...\r\n  \r\n
 * ```
 */
export async function* readChunks(
  pieces: AsyncIterable<Uint8Array>,
  { signing, hasTrailer, trailer }: ChunkedOptions,
): AsyncGenerator<Uint8Array> {
  const reader = new PieceReader(pieces);
  const chain = signing && new SignatureChain(signing);
  for (;;) {
    const [, size = '', signature] = CHUNK.exec(await reader.line(HEADER_BYTES)) ?? [];
    if (size === '') throw malformedChunks();
    const bytes = Number.parseInt(size, 16);
    const hash = createHash('sha256');
    for await (const piece of reader.run(bytes)) {
      if (chain !== undefined) hash.update(piece);
      yield piece;
    }
    chain?.assertNext('AWS4-HMAC-SHA256-PAYLOAD', signature, `${EMPTY}\n${hash.digest('hex')}`);
    if (bytes === 0) break;
    if ((await reader.line(0)) !== '') throw malformedChunks();
  }
  trailer(await readTrailer(reader, hasTrailer ? chain : undefined));
  await reader.end();
}

async function readTrailer(reader: PieceReader, chain: SignatureChain | undefined): Promise<Map<string, string>> {
  const fields = new Map<string, string>();
  let signature: string | undefined;
  let signed = '';
  for (let line = await reader.line(HEADER_BYTES); line !== ''; line = await reader.line(HEADER_BYTES)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === '' || fields.size === MOST_TRAILERS) throw malformedChunks();
    if (name === 'x-amz-trailer-signature') signature = value;
    else {
      fields.set(name, value);
      signed += `${name}:${value}\n`;
    }
  }
  chain?.assertNext('AWS4-HMAC-SHA256-TRAILER', signature, createHash('sha256').update(signed).digest('hex'));
  return fields;
}

class SignatureChain {
  readonly #signing: ChunkSigning;
  #last: string;

  constructor(signing: ChunkSigning) {
    this.#signing = signing;
    this.#last = signing.seed;
  }

  assertNext(algorithm: string, signature: string | undefined, hashes: string): void {
    const { key, longDate, scope } = this.#signing;
    const expected = hmac(key, `${algorithm}\n${longDate}\n${scope}\n${this.#last}\n${hashes}`);
    const given = Buffer.from(signature ?? '', 'hex');
    if (given.byteLength !== expected.byteLength || !timingSafeEqual(given, expected)) {
      throw new BucketError(
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      );
    }
    this.#last = expected.toString('hex');
  }
}
