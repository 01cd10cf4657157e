import { WASM_PAGE_BYTES } from '../contract/limits.ts';
import { loadLibc } from './libc.ts';
import type { SharedImage } from './shared-image.ts';

/**
 * Brings one image back into memories of exactly its size. Both ways leave every byte equal to the image, whatever the
 * memory held before; neither can be seen by the guest.
 */
export interface Restorer {
  readonly pages: number;
  /** Fills a memory that comes from anywhere. */
  restore(memory: WebAssembly.Memory): void;
  /** Refills a memory that this restorer filled before. */
  reset(memory: WebAssembly.Memory): void;
}

/** Chooses the way the image was shared for. */
export function createRestorer(image: SharedImage): Restorer {
  return image.kind === 'mapped' ? createMappingRestorer(image.pages, image.fd) : createCopyingRestorer(image.memory);
}

function createMappingRestorer(pages: number, fd: number): Restorer {
  const libc = loadLibc();
  if (!libc) throw new Error('a mapped image needs the C library of Linux');
  return {
    pages,
    restore(memory) {
      if (!libc.mapPrivate(wholeOf(memory, pages), fd)) throw new Error('the kernel refused to map the image');
    },
    reset(memory) {
      if (!libc.dropPrivatePages(wholeOf(memory, pages))) throw new Error('the kernel refused to reset the image');
    },
  };
}

function createCopyingRestorer(image: SharedArrayBuffer): Restorer {
  const source = new Uint8Array(image);
  const pages = image.byteLength / WASM_PAGE_BYTES;
  const copy = (memory: WebAssembly.Memory) => wholeOf(memory, pages).set(source);
  return { pages, restore: copy, reset: copy };
}

function wholeOf(memory: WebAssembly.Memory, pages: number): Uint8Array {
  const bytes = new Uint8Array(memory.buffer);
  if (bytes.byteLength !== pages * WASM_PAGE_BYTES) throw new RangeError('the memory is not of the size of the image');
  return bytes;
}
