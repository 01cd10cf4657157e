import { readSync } from 'node:fs';
import { readTouchedPages } from './touched-pages.ts';

/** Bytes in a row, and what the image has there. */
export interface ResidentRun {
  readonly start: number;
  readonly end: number;
  readonly image: Uint8Array;
}

/** Written pages that are worth copying back; a guest that writes more is left to page faults. */
const MOST_WRITTEN = 64;
/** With pages that are only read, no more than this: each isolate holds copies of its own. */
const MOST_WITH_READ = 16;
/** Pages between two runs that cost less to copy along than one more call to the kernel. */
const BRIDGED = 3;
const MOST_RUNS = 8;

/** Resets after which the pages are learned anew, in case the events have changed; after the last, every so many. */
const LEARNED_AFTER: readonly number[] = [1, 16, 256, 4_096, 65_536];

/**
 * The pages of an image that invocations touch, learned from the kernel in two steps: after an invocation that began
 * without any page, those that it wrote are kept; after one that began with these, those that had to be read besides.
 * In one step the kernel's reading ahead would hide what was read.
 */
export class ResidentPages {
  readonly #fd: number;
  readonly #pageBytes: number;
  /** Ascending and apart. */
  runs: readonly ResidentRun[] = [];
  #written: readonly number[] = [];
  #resets = 0;
  #learnsAt = LEARNED_AFTER[0] as number;
  #watched: WebAssembly.Memory | undefined;
  #step: 'bare' | 'written' = 'bare';

  constructor(fd: number, pageBytes: number) {
    this.#fd = fd;
    this.#pageBytes = pageBytes;
  }

  /** To be asked before every reset: true when all pages of the memory should be dropped this time, to learn from it. */
  wantsBare(memory: WebAssembly.Memory, bytes: Uint8Array): boolean {
    this.#resets++;
    if (memory === this.#watched) this.#learn(bytes);
    else if (this.#resets >= this.#learnsAt) {
      this.#learnsAt = LEARNED_AFTER.find((reset) => reset > this.#resets) ?? this.#resets + LAST;
      this.#watched = memory;
      this.#step = 'bare';
      return true;
    }
    return false;
  }

  #learn(bytes: Uint8Array): void {
    const touched = readTouchedPages(bytes);
    if (touched && this.#step === 'bare') {
      this.#step = 'written';
      this.#written = touched.written.slice(0, MOST_WRITTEN);
      this.#keep(this.#written);
      return;
    }
    this.#watched = undefined;
    const both = new Set([...this.#written, ...(touched?.present ?? [])]);
    if (both.size <= MOST_WITH_READ) this.#keep([...both].sort((a, b) => a - b));
  }

  #keep(pages: readonly number[]): void {
    const runs: { start: number; end: number }[] = [];
    for (const page of pages) {
      const last = runs.at(-1);
      if (last && page - last.end <= BRIDGED) last.end = page + 1;
      else runs.push({ start: page, end: page + 1 });
    }
    runs.sort((a, b) => b.end - b.start - (a.end - a.start));
    this.runs = runs
      .slice(0, MOST_RUNS)
      .sort((a, b) => a.start - b.start)
      .map(({ start, end }) => this.#read(start * this.#pageBytes, end * this.#pageBytes));
  }

  #read(start: number, end: number): ResidentRun {
    const image = new Uint8Array(end - start);
    if (readSync(this.#fd, image, 0, image.byteLength, start) === image.byteLength) return { start, end, image };
    throw new Error('the image ends early');
  }
}

const LAST = LEARNED_AFTER.at(-1) as number;
