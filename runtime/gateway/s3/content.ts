import { createHash } from 'node:crypto';
import { BucketError } from '../../buckets/index.ts';
import { LambdaError } from '../../contract/errors.ts';
import { deadlines } from '../../dispatch/deadlines.ts';
import type { S3Payload } from '../auth/s3-authenticator.ts';
import type { Exchange } from '../exchange.ts';
import { readChunks } from './chunked-pieces.ts';

/** A request's body, whatever it is wrapped in. To be read once. */
export interface Content {
  /** As many as there will be. */
  readonly bytes: number;
  /** Throws at the end, or before, for what is not what was signed. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** What stood behind it, names in lower case; empty before it is read. */
  trailer(): ReadonlyMap<string, string>;
}

/** A client that sends nothing for this long, in milliseconds, has gone. */
const IDLE_MS = 30_000;

/** Throws a MissingContentLength for a body that does not say how long it is. */
export function openContent(exchange: Exchange, payload: S3Payload): Content {
  const { headers } = exchange.head;
  let fields: ReadonlyMap<string, string> = new Map();
  const trailer = (): ReadonlyMap<string, string> => fields;
  const raw = readPieces(exchange);
  if (payload.kind === 'chunked') {
    const pieces = readChunks(raw, {
      ...payload,
      trailer(found) {
        fields = found;
      },
    });
    return { bytes: lengthOf(headers['x-amz-decoded-content-length']), pieces, trailer };
  }
  const isOpen = headers['transfer-encoding'] !== undefined;
  const bytes = isOpen ? lengthOf(undefined) : lengthOf(headers['content-length'] ?? '0');
  return { bytes, pieces: payload.kind === 'hashed' ? assertHash(raw, payload.hash) : raw, trailer };
}

/** The whole of a small body. */
export async function collect({ bytes, pieces }: Content, mostBytes: number): Promise<Buffer> {
  if (bytes > mostBytes) throw new BucketError('EntityTooLarge', 'The request body is too large.');
  const collected: Uint8Array[] = [];
  let received = 0;
  for await (const piece of pieces) {
    received += piece.byteLength;
    if (received > mostBytes) throw new BucketError('EntityTooLarge', 'The request body is too large.');
    collected.push(piece);
  }
  return Buffer.concat(collected);
}

function lengthOf(text: string | undefined): number {
  if (text === undefined) {
    throw new BucketError('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  if (!/^\d{1,15}$/.test(text)) throw new BucketError('InvalidArgument', 'The length of the content is no number.');
  return Number(text);
}

async function* assertHash(pieces: AsyncIterable<Uint8Array>, expected: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') === expected) return;
  throw new BucketError(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

/** The body as it comes; whoever stops reading leaves the connection as it is, so that an answer can be written. */
async function* readPieces({ incoming }: Exchange): AsyncGenerator<Uint8Array> {
  const pieces = incoming.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = await inTime(pieces.next());
      if (next.done) return;
      yield next.value as Uint8Array;
    }
  } finally {
    void pieces.return?.().catch(() => undefined);
  }
}

function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = deadlines.after(IDLE_MS, () =>
      reject(new LambdaError('RequestTimeoutException', 'Your socket connection to the server was not read in time.')),
    );
    promise.then(
      (value) => {
        late.cancel();
        resolve(value);
      },
      () => {
        late.cancel();
        reject(new BucketError('IncompleteBody', 'The request body terminated unexpectedly'));
      },
    );
  });
}
