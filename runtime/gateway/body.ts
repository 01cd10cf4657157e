import type { IncomingMessage } from 'node:http';
import { LambdaError } from '../contract/errors.ts';
import { deadlines } from '../dispatch/deadlines.ts';
import { type KeptBytes, keptRequests } from './kept-bytes.ts';
import { createThrottle } from './throttle.ts';
import { whenOver } from './when-over.ts';
import type { Wire } from './wire.ts';

/** How large a body may get, in bytes, how long it may take, in milliseconds, and what to say when it is too large. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly tooLarge: (bytes: number) => LambdaError;
}

/**
 * Reads a request's body, counting while it streams: a body without a length, or with one that lies, costs at most
 * `maxBytes` of memory, and all of them together what `kept` allows. Rejects with RequestEntityTooLarge (413), RequestTimeout
 * (408), TooManyRequests (429) when there is no room, at once where the length says so, or a ValidationException when the client
 * went away before the end.
 */
export async function readBody(wire: Wire, limits: BodyLimits, kept: KeptBytes = keptRequests): Promise<Uint8Array> {
  const { incoming } = wire;
  const declared = declaredBytes(incoming);
  if (declared > limits.maxBytes) throw limits.tooLarge(declared);
  // Node tells of a head before it looks at what came with it.
  await undefined;
  if (hasArrived(incoming)) return takeBody(wire, limits);
  if (kept.bytes + declared > kept.most) throw createThrottle();
  return awaitBody(wire, limits, kept);
}

/** True when nothing of the request is still to come: bodies that come with their head are there before Node says so. */
export function hasArrived(incoming: IncomingMessage): boolean {
  if (incoming.complete || taken.has(incoming)) return true;
  return incoming.headers['transfer-encoding'] === undefined && incoming.readableLength === declaredBytes(incoming);
}

function declaredBytes({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

/** Requests whose body was taken whole. */
const taken = new WeakSet<IncomingMessage>();

/** A body that came with its head: nothing has to be waited for. */
function takeBody({ incoming }: Wire, limits: BodyLimits): Uint8Array {
  const body = readAll(incoming);
  if (body.byteLength > limits.maxBytes) throw limits.tooLarge(body.byteLength);
  taken.add(incoming);
  // Nothing but its end is left, which Node wants to be read.
  incoming.resume();
  return body;
}

/** Node 26 gives back what came piece by piece, earlier ones all of it at once. */
function readAll(incoming: IncomingMessage): Buffer {
  const first: Buffer = incoming.read() ?? EMPTY;
  const pieces = [first];
  for (let next: Buffer | null = incoming.read(); next !== null; next = incoming.read()) pieces.push(next);
  return pieces.length === 1 ? first : Buffer.concat(pieces);
}

function awaitBody(wire: Wire, limits: BodyLimits, kept: KeptBytes): Promise<Uint8Array> {
  const { incoming } = wire;
  if (incoming.destroyed) return Promise.reject(endedEarly());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (): void => {
      deadline.cancel();
      incoming.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
    };
    const fail = (error: LambdaError): void => {
      settle();
      chunks.length = 0;
      kept.bytes -= bytes;
      incoming.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.byteLength;
      kept.bytes += chunk.byteLength;
      if (bytes > limits.maxBytes) fail(limits.tooLarge(bytes));
      else if (kept.bytes > kept.most) fail(createThrottle());
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      whenOver(wire, () => {
        kept.bytes -= bytes;
      });
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
    };
    const onClose = (): void => fail(endedEarly());
    const deadline = deadlines.after(limits.timeoutMs, () =>
      fail(new LambdaError('RequestTimeoutException', 'The request body arrived too slowly.')),
    );
    incoming.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

const EMPTY = Buffer.alloc(0);

function endedEarly(): LambdaError {
  return new LambdaError('ValidationException', 'The request body ended too early.');
}
