import { randomFillSync } from 'node:crypto';
import { parseTraceparent, toTraceHeader } from '../contract/trace-context.ts';
import type { RequestHead } from './request-head.ts';

const SAFE = /^[A-Za-z0-9=;:|_.-]{1,256}$/;
const RANDOM_BYTES = 20;

/** Random bytes for the next identifiers, those before `used` being given out: asking for a few at a time costs as much as for many. */
const entropy = Buffer.alloc(RANDOM_BYTES * 256);
let used = entropy.length;

/**
 * The trace that a request belongs to: W3C's traceparent when it has one, as those who trace by it mean what they say; else its
 * trace header, or a new one.
 */
export function toRequestTrace({ headers }: Pick<RequestHead, 'headers'>, now: number): string {
  const { traceparent, 'x-amzn-trace-id': header } = headers;
  const context = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  if (context === undefined) return toTraceId(header, now);
  return toTraceHeader(context, header !== undefined && SAFE.test(header) ? header : '');
}

/** The caller's trace header when it is well formed, else a new unsampled one in X-Ray's format. */
export function toTraceId(header: string | undefined, now: number): string {
  if (header !== undefined && SAFE.test(header) && header.includes('Root=')) return header;
  const random = drawHex();
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${random.slice(0, 24)};Parent=${random.slice(24)};Sampled=0`;
}

function drawHex(): string {
  if (used === entropy.length) {
    randomFillSync(entropy);
    used = 0;
  }
  used += RANDOM_BYTES;
  return entropy.toString('hex', used - RANDOM_BYTES, used);
}
