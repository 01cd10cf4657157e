import { CHUNK_BYTES, HEAD_LENGTH_BYTES, type ImageHead, MAGIC, type MemoryHead, PAGE_BYTES } from './packed-image.ts';

/** Takes bytes of a memory; those that nobody writes are zero. */
export type WriteBytes = (offset: number, bytes: Uint8Array) => void;

/** What a chunk stores, and where to put the `held` bytes that are in it. Chunks are to be written in order. */
export interface Chunk {
  readonly stored: Uint8Array;
  readonly compressed: boolean;
  readonly held: number;
  readonly write: (bytes: Uint8Array) => void;
}

/** Reads what comes before the chunks. Throws for what `packImage` did not make. */
export function readHead(packed: Uint8Array): { readonly head: ImageHead; readonly chunks: Uint8Array } {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (!bytes.subarray(0, MAGIC.byteLength).equals(MAGIC)) throw new Error('this is no packed image');
  const start = MAGIC.byteLength + HEAD_LENGTH_BYTES;
  const end = start + bytes.readUInt32LE(MAGIC.byteLength);
  return { head: JSON.parse(bytes.toString('utf8', start, end)) as ImageHead, chunks: packed.subarray(end) };
}

/** The chunks of all memories, each memory with its own `write`. */
export function* readChunks(
  memories: readonly MemoryHead[],
  chunks: Uint8Array,
  writes: readonly WriteBytes[],
): Generator<Chunk> {
  let at = 0;
  for (const [index, memory] of memories.entries()) {
    const write = createScatter(memory, writes[index] as WriteBytes);
    let left = heldBytes(memory);
    for (const bytes of memory.chunks) {
      const held = Math.min(left, CHUNK_BYTES);
      const stored = chunks.subarray(at, at + bytes);
      if (stored.byteLength !== bytes) throw new Error('the image ends early');
      yield { stored, compressed: bytes !== held, held, write };
      left -= held;
      at += bytes;
    }
    if (left !== 0) throw new Error('the image lacks chunks');
  }
}

/** Bytes that unpacking makes. */
export function heldBytes({ runs }: MemoryHead): number {
  let pages = 0;
  for (let run = 1; run < runs.length; run += 2) pages += runs[run] as number;
  return pages * PAGE_BYTES;
}

/** Puts bytes that come one after the other where the runs say. */
function createScatter({ runs, bytes }: MemoryHead, write: WriteBytes): (held: Uint8Array) => void {
  let run = 0;
  let done = 0;
  return (held) => {
    for (let at = 0; at < held.byteLength; ) {
      const offset = (runs[run] as number) * PAGE_BYTES + done;
      const length = (runs[run + 1] as number) * PAGE_BYTES;
      const taken = Math.min(held.byteLength - at, length - done);
      if (!(offset + taken <= bytes)) throw new Error('the image is larger than its memory');
      write(offset, held.subarray(at, at + taken));
      at += taken;
      done += taken;
      if (done === length) {
        run += 2;
        done = 0;
      }
    }
  };
}
