import type { Invocation } from '../../contract/invocation.ts';
import { LOG_TAIL_BYTES } from '../../contract/limits.ts';
import { type Ran, toInvocationLog } from '../../events/platform-log.ts';

/** `X-Amz-Log-Result`: the last 4 KiB of the invocation's log, platform lines included, in base64. */
export function toLogTail(invocation: Invocation, outcome: Ran, endedAt: number): string {
  const log = Buffer.from(toInvocationLog(invocation, outcome, endedAt));
  let from = Math.max(0, log.byteLength - LOG_TAIL_BYTES);
  // A cut inside a character would not decode: move to where the next one starts.
  while (from < log.byteLength && (log[from]! & 0xc0) === 0x80) from += 1;
  return log.subarray(from).toString('base64');
}
