import type { IncomingMessage } from 'node:http';
import { LambdaError } from '../contract/errors.ts';
import { deadlines } from '../dispatch/deadlines.ts';

/** How large a body may get, in bytes, how long it may take, in milliseconds, and what to say when it is too large. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly tooLarge: (bytes: number) => LambdaError;
}

/**
 * Reads a request's body, counting while it streams: a body without a length, or with one that lies, costs at most
 * `maxBytes` of memory. Rejects with RequestEntityTooLarge (413), RequestTimeout (408), or a ValidationException when
 * the client went away before the end.
 */
export function readBody(incoming: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const declared = Number(incoming.headers['content-length'] ?? 0);
  if (declared > limits.maxBytes) return Promise.reject(limits.tooLarge(declared));
  return incoming.complete ? takeBody(incoming, limits) : awaitBody(incoming, limits);
}

/** A body that came with its head: nothing has to be waited for. */
async function takeBody(incoming: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const body: Buffer = incoming.read() ?? EMPTY;
  if (body.byteLength > limits.maxBytes) throw limits.tooLarge(body.byteLength);
  return body;
}

function awaitBody(incoming: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
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
      incoming.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.byteLength;
      if (bytes > limits.maxBytes) fail(limits.tooLarge(bytes));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
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
