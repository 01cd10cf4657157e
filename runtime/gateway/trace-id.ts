import { randomFillSync } from 'node:crypto';
import type { Invocation } from '../contract/invocation.ts';
import { parseTraceparent, toTraceHeader } from '../contract/trace-context.ts';
import type { Exchange } from './exchange.ts';
import type { RequestHead } from './request-head.ts';

const SAFE = /^[A-Za-z0-9=;:|_.-]{1,256}$/;
const RANDOM_BYTES = 20;

/** Random bytes for the next identifiers, those before `used` being given out: asking for a few at a time costs as much as for many. */
const entropy = Buffer.alloc(RANDOM_BYTES * 256);
let used = entropy.length;

/** The trace of what comes of a request. */
export function toTrace(
  { head, trace }: Pick<Exchange, 'head' | 'trace'>,
  now: number,
): Pick<Invocation, 'traceId' | 'traceState'> {
  if (trace === undefined) return { traceId: readTrace(head) ?? toTraceId(undefined, now) };
  const { traceId, traceState } = trace;
  return traceState === undefined ? { traceId } : { traceId, traceState };
}

/** The trace of messages and events that come of a request; undefined when nobody has said one and none is taken. */
export function toSharedTrace({ head, trace }: Pick<Exchange, 'head' | 'trace'>): string | undefined {
  const given = readTrace(head);
  return given === undefined && !trace?.traceId.includes('Sampled=1') ? undefined : (trace?.traceId ?? given);
}

/**
 * The trace that a request says it belongs to: by W3C's traceparent when it has one, as those who trace by it mean what they say,
 * else by its trace header.
 */
export function readTrace({ headers }: Pick<RequestHead, 'headers'>): string | undefined {
  const { traceparent, 'x-amzn-trace-id': given } = headers;
  const header = given !== undefined && SAFE.test(given) ? given : '';
  const context = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  if (context !== undefined) return toTraceHeader(context, header);
  return header.includes('Root=') ? header : undefined;
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
