import type { LogBlock, StoredEntry } from '../log-store.ts';

/**
 * What a segment is made of: a line of JSON that says what comes, and the entries behind it, a line each.
 *
 * ```
 * [24,"2026/11/21/[1]0f..",1795000000000,1795000000004,1795000000250,"entries"]\n
 * first entry\n
 * second one\n
 * ```
 */
export interface Frame {
  readonly kind: 'entries' | 'created' | 'deleted';
  readonly stream: string;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  /** Of its first byte in the buffer that it was found in. */
  readonly offset: number;
  /** Its entries in that buffer. */
  readonly body: { readonly start: number; readonly end: number };
}

const LINE_END = 10;
/** A stream's name has 512 characters at the most, of four bytes or six as JSON. */
const LONGEST_HEAD = 4_096;

/** `offset`: of its first entry. */
export function toEntriesFrame({ stream, entries, from, to, at }: LogBlock): {
  readonly bytes: Buffer;
  readonly offset: number;
} {
  const body = Buffer.from(`${entries.join('\n')}\n`);
  const head = Buffer.from(`${JSON.stringify([body.byteLength, stream, from, to, at, 'entries'])}\n`);
  return { bytes: Buffer.concat([head, body]), offset: head.byteLength };
}

export function toStreamFrame(kind: 'created' | 'deleted', stream: string, at: number): Buffer {
  return Buffer.from(`${JSON.stringify([0, stream, 0, 0, at, kind])}\n`);
}

/** The frames of a buffer, up to where it ends or is damaged. */
export function* readFrames(buffer: Buffer): Generator<Frame> {
  let offset = 0;
  while (offset < buffer.byteLength) {
    const headEnd = buffer.subarray(offset, offset + LONGEST_HEAD).indexOf(LINE_END);
    if (headEnd < 0) return;
    const start = offset + headEnd + 1;
    const head = parseHead(buffer.toString('utf8', offset, start - 1));
    if (head === undefined || start + head.bytes > buffer.byteLength) return;
    const { bytes, ...frame } = head;
    const end = start + bytes;
    yield { ...frame, offset, body: { start, end } };
    offset = end;
  }
}

/** The entries of a frame; `place`: of the buffer's first byte. */
export function* readEntries(buffer: Buffer, { stream, at, body }: Frame, place: number): Generator<StoredEntry> {
  let start = body.start;
  while (start < body.end) {
    const end = buffer.indexOf(LINE_END, start);
    if (end < 0 || end >= body.end) return;
    yield { place: place + start, text: buffer.toString('utf8', start, end), stream, at };
    start = end + 1;
  }
}

function parseHead(text: string): (Omit<Frame, 'offset' | 'body'> & { readonly bytes: number }) | undefined {
  try {
    const [bytes, stream, from, to, at, kind] = JSON.parse(text) as [number, string, number, number, number, string];
    if (!Number.isSafeInteger(bytes) || bytes < 0 || typeof stream !== 'string') return undefined;
    if (kind !== 'entries' && kind !== 'created' && kind !== 'deleted') return undefined;
    return [from, to, at].every(Number.isFinite) ? { bytes, stream, from, to, at, kind } : undefined;
  } catch {
    return undefined;
  }
}
