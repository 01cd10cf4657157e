import { setImmediate } from 'node:timers/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';

/** What an archive says of an entry's bytes. */
export interface PackedEntry {
  readonly data: Uint8Array;
  readonly isStored: boolean;
  readonly crc32: number;
}

/** Bytes that are unpacked or copied without letting others run. */
const STEP = 1_048_576;
/** Files up to this size are unpacked at once: a turn of the event loop each would take longer. */
const SMALL = 16_384;

/** Unpacks an entry into a place of its size; false when it does not fill that exactly, or is not what it should be. */
export async function extractEntry(
  { data, isStored, crc32: expected }: PackedEntry,
  into: Uint8Array,
): Promise<boolean> {
  let at = 0;
  let sum = 0;
  const take = (chunk: Uint8Array): boolean => {
    if (chunk.length > into.length - at) return false;
    into.set(chunk, at);
    at += chunk.length;
    sum = crc32(chunk, sum);
    return true;
  };
  for await (const chunk of isStored ? inSteps(data) : inflated(data, into.length)) {
    if (!take(chunk)) return false;
  }
  return at === into.length && sum === expected;
}

function inflated(data: Uint8Array, size: number): AsyncIterable<Uint8Array> | readonly Uint8Array[] {
  if (size <= SMALL && data.length <= SMALL) return [inflateRawSync(data, { maxOutputLength: Math.max(1, size) })];
  const stream = createInflateRaw({ chunkSize: STEP / 8 });
  stream.end(data);
  return stream;
}

async function* inSteps(data: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += STEP) {
    if (at > 0) await setImmediate();
    yield data.subarray(at, at + STEP);
  }
}
