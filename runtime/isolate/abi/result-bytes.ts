import { SYNC_RESPONSE_BYTES } from '../../contract/limits.ts';
import { GuestFailure } from '../guest-failure.ts';
import { fromUtf8 } from '../guest-memory.ts';

/** Throws the error that Lambda answers for a result above the synchronous limit. */
export function assertResultSize(bytes: number): void {
  if (bytes > SYNC_RESPONSE_BYTES) throw resultTooLarge(SYNC_RESPONSE_BYTES);
}

export function resultTooLarge(limit: number): GuestFailure {
  return new GuestFailure(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  );
}

/** Throws unless the guest's result is UTF-8: clients must be able to read what they get. */
export function assertUtf8(bytes: Uint8Array): void {
  if (fromUtf8(bytes) !== undefined) return;
  throw new GuestFailure('Runtime.InvalidResponse', 'The function returned bytes that are not UTF-8.');
}

export function handlerNotFound(handler: string, name: string): GuestFailure {
  return new GuestFailure(
    'Runtime.HandlerNotFound',
    `${handler} is undefined or not exported: the module exports no function "${name}".`,
  );
}
