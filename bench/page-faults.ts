import { createRestorer, type SharedMemory } from '../runtime/snapshot/index.ts';
import { percentiles } from './statistics.ts';

const PAGE_BYTES = 4096;
/** Enough to be beyond the clock's noise, few enough for the smallest heap. */
const PAGES = 16;
const ROUNDS = 200;

/** What the first touch of a 4 KiB page of a memory costs after its image is back, in microseconds; medians. */
export interface PageFaults {
  readonly read: number;
  readonly write: number;
}

/** Touches some pages of a memory just restored, from the host: the first invocation pays this for every page it touches. */
export function measurePageFaults(image: SharedMemory): PageFaults {
  const memory = new WebAssembly.Memory({ initial: image.pages, maximum: image.pages });
  const view = new Uint8Array(memory.buffer);
  const stride = Math.floor(view.length / PAGES / PAGE_BYTES) * PAGE_BYTES;
  let sum = 0;
  const touch = (visit: (at: number) => void): number => {
    const samples: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      createRestorer(image).restore(memory);
      const began = performance.now();
      for (let page = 0; page < PAGES; page++) visit(page * stride);
      samples.push(((performance.now() - began) * 1000) / PAGES);
    }
    return percentiles(samples).p50;
  };
  const read = touch((at) => {
    sum += view[at]!;
  });
  const write = touch((at) => {
    view[at] = sum & 255;
  });
  return { read, write };
}
