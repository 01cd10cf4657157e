import { readTouchedPages } from './touched-pages.ts';

/** Written pages that are worth copying back; a guest that writes more is left to page faults. */
const MOST_WRITTEN = 64;
/** With pages that are only read, no more than this: each isolate holds copies of its own. */
const MOST_WITH_READ = 16;
/** Pages between two runs that cost less to copy along than one more call to the kernel. */
const BRIDGED = 3;
const MOST_RUNS = 8;

/** Resets after which the pages are learned anew, in case the events have changed; after the last, every so many. */
const LEARNED_AFTER: readonly number[] = [1, 16, 256, 4_096, 65_536];

/** Bytes in a row, and what the image has there. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly image: Uint8Array;
}

/**
 * The pages of an image that invocations touch, learned from the kernel in two steps: after an invocation that began
 * without any page, those that it wrote are kept; after one that began with these, those that had to be read besides.
 * In one step the kernel's reading ahead would hide what was read.
 */
export class ResidentPages {
  readonly #pageBytes: number;
  readonly #drop: (range: Uint8Array) => void;
  /** Ascending and apart. */
  #runs: readonly Run[] = [];
  #written: readonly number[] = [];
  #resets = 0;
  #learnsAt = LEARNED_AFTER[0] as number;
  #watched: WebAssembly.Memory | undefined;
  #step: 'bare' | 'written' = 'bare';

  /** `drop` makes every byte of a range what the image has there. */
  constructor(pageBytes: number, drop: (range: Uint8Array) => void) {
    this.#pageBytes = pageBytes;
    this.#drop = drop;
  }

  /** Byte ranges that are kept. */
  get ranges(): readonly { readonly start: number; readonly end: number }[] {
    return this.#runs.map(({ start, end }) => ({ start, end }));
  }

  /** Makes every byte what the image has there: copies what is kept, and drops all else. */
  copyBack(bytes: Uint8Array): void {
    let dropped = 0;
    for (const { start, end, image } of this.#runs) {
      if (start > dropped) this.#drop(bytes.subarray(dropped, start));
      bytes.set(image, start);
      dropped = end;
    }
    if (dropped < bytes.byteLength) this.#drop(bytes.subarray(dropped));
  }

  /** The same after an invocation, from which it may learn. */
  reset(memory: WebAssembly.Memory, bytes: Uint8Array): void {
    this.#resets++;
    if (memory === this.#watched) {
      this.#learn(bytes);
    } else if (this.#resets >= this.#learnsAt) {
      this.#learnsAt = LEARNED_AFTER.find((reset) => reset > this.#resets) ?? this.#resets + LAST;
      this.#watched = memory;
      this.#step = 'bare';
      this.#drop(bytes);
    } else this.copyBack(bytes);
  }

  #learn(bytes: Uint8Array): void {
    const touched = readTouchedPages(bytes);
    this.#drop(bytes);
    if (touched && this.#step === 'bare') {
      this.#written = touched.written.slice(0, MOST_WRITTEN);
      this.#keep(this.#written, bytes);
      this.copyBack(bytes);
      this.#step = 'written';
      return;
    }
    this.#watched = undefined;
    const both = new Set([...this.#written, ...(touched?.present ?? [])]);
    if (both.size > MOST_WITH_READ) return;
    const pages = [...both].sort((a, b) => a - b);
    this.#keep(pages, bytes);
  }

  /** `bytes` hold the image. */
  #keep(pages: readonly number[], bytes: Uint8Array): void {
    const runs: { start: number; end: number }[] = [];
    for (const page of pages) {
      const last = runs.at(-1);
      if (last && page - last.end <= BRIDGED) last.end = page + 1;
      else runs.push({ start: page, end: page + 1 });
    }
    runs.sort((a, b) => b.end - b.start - (a.end - a.start));
    this.#runs = runs
      .slice(0, MOST_RUNS)
      .sort((a, b) => a.start - b.start)
      .map((run) => {
        const [start, end] = [run.start * this.#pageBytes, run.end * this.#pageBytes];
        return { start, end, image: bytes.slice(start, end) };
      });
  }
}

const LAST = LEARNED_AFTER.at(-1) as number;
