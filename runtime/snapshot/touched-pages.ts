import { closeSync, openSync, readSync } from 'node:fs';
import { loadLibc } from './libc.ts';

/** Pages that were used since their memory was mapped or dropped, by ascending index. */
export interface TouchedPages {
  /** Pages with a private copy: somebody wrote to them. */
  readonly written: readonly number[];
  /** Pages that are there unwritten: somebody read them, or the kernel brought them along with a neighbour. */
  readonly present: readonly number[];
}

const ENTRY_BYTES = 8;
const CHUNK_ENTRIES = 8_192;
/** In the upper half of an entry of /proc/self/pagemap: the page is there; it is a page of the file, not a copy. */
const PRESENT = 0x8000_0000;
const OF_FILE = 0x2000_0000;

/** Asks the kernel which pages of a privately mapped memory are there; undefined where it does not tell. */
export function readTouchedPages(memory: Uint8Array): TouchedPages | undefined {
  const libc = loadLibc();
  if (!libc) return undefined;
  const pages = memory.byteLength / libc.pageBytes;
  const first = libc.addressOf(memory) / libc.pageBytes;
  const written: number[] = [];
  const present: number[] = [];
  try {
    const pagemap = openSync('/proc/self/pagemap', 'r');
    try {
      const entries = new Uint32Array(2 * Math.min(pages, CHUNK_ENTRIES));
      for (let page = 0; page < pages; page += CHUNK_ENTRIES) {
        const count = Math.min(CHUNK_ENTRIES, pages - page);
        readFully(pagemap, new Uint8Array(entries.buffer, 0, count * ENTRY_BYTES), (first + page) * ENTRY_BYTES);
        for (let index = 0; index < count; index++) {
          const flags = entries[2 * index + 1] as number;
          if ((flags & PRESENT) !== 0) ((flags & OF_FILE) === 0 ? written : present).push(page + index);
        }
      }
    } finally {
      closeSync(pagemap);
    }
  } catch {
    return undefined;
  }
  return { written, present };
}

function readFully(fd: number, target: Uint8Array, position: number): void {
  for (let at = 0; at < target.byteLength; ) {
    const read = readSync(fd, target, at, target.byteLength - at, position + at);
    if (read === 0) throw new Error('the file ends early');
    at += read;
  }
}
