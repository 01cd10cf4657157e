import { randomFillSync } from 'node:crypto';

const SPAN_BYTES = 8;
const TRACE_BYTES = 16;

/** Random bytes for the next ones: asking for a few at a time costs as much as for many. */
const entropy = Buffer.alloc(4_096);
let used = entropy.length;

export function createSpanId(): string {
  return draw(SPAN_BYTES);
}

/** Begins with the time, as X-Ray wants it. */
export function createTraceId(now: number): string {
  const seconds = Math.floor(now / 1_000).toString(16);
  return `${seconds.padStart(8, '0')}${draw(TRACE_BYTES).slice(8)}`;
}

function draw(bytes: number): string {
  if (used + bytes > entropy.length) {
    randomFillSync(entropy);
    used = 0;
  }
  used += bytes;
  return entropy.toString('hex', used - bytes, used);
}
