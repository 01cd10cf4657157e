import { deflateRawSync } from 'node:zlib';
import type { Image } from '../contract/artifact.ts';
import { CHUNK_BYTES, HEAD_LENGTH_BYTES, type ImageHead, MAGIC, type MemoryHead, PAGE_BYTES } from './packed-image.ts';

const ZEROS: Buffer = Buffer.alloc(PAGE_BYTES);
/** Reading is on the way of a cold start, so little compression will do. */
const LEVEL = 1;

/** Packs an image for storage. The same image gives the same bytes. */
export function packImage({ memories, ...rest }: Image): Uint8Array {
  const chunks: Uint8Array[] = [];
  const head: ImageHead = { ...rest, memories: memories.map((memory) => packMemory(memory, chunks)) };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(HEAD_LENGTH_BYTES);
  length.writeUInt32LE(text.byteLength);
  return Buffer.concat([MAGIC, length, text, ...chunks]);
}

function packMemory(memory: Uint8Array, chunks: Uint8Array[]): MemoryHead {
  const runs = findRuns(memory);
  const sizes: number[] = [];
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  const flush = (): void => {
    const held = chunk.subarray(0, filled);
    const packed = deflateRawSync(held, { level: LEVEL });
    const stored = packed.byteLength < filled ? packed : Uint8Array.from(held);
    chunks.push(stored);
    sizes.push(stored.byteLength);
    filled = 0;
  };
  for (let run = 0; run < runs.length; run += 2) {
    const start = (runs[run] as number) * PAGE_BYTES;
    const end = start + (runs[run + 1] as number) * PAGE_BYTES;
    for (let at = start; at < end; ) {
      const taken = Math.min(end - at, CHUNK_BYTES - filled);
      chunk.set(memory.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === CHUNK_BYTES) flush();
    }
  }
  if (filled > 0) flush();
  return { bytes: memory.byteLength, runs, chunks: sizes };
}

function findRuns(memory: Uint8Array): number[] {
  const runs: number[] = [];
  const pages = memory.byteLength / PAGE_BYTES;
  let start = -1;
  for (let page = 0; page <= pages; page++) {
    const holds = page < pages && !ZEROS.equals(memory.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
    if (holds && start < 0) start = page;
    if (!holds && start >= 0) {
      runs.push(start, page - start);
      start = -1;
    }
  }
  return runs;
}
