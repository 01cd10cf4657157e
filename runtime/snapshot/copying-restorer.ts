import { WASM_PAGE_BYTES } from '../contract/limits.ts';
import type { Restorer } from './restorer.ts';
import { wholeOf } from './whole-memory.ts';

/** Copies the whole image each time. */
export function createCopyingRestorer(image: SharedArrayBuffer): Restorer {
  const source = new Uint8Array(image);
  const pages = image.byteLength / WASM_PAGE_BYTES;
  const copy = (memory: WebAssembly.Memory) => wholeOf(memory, pages).set(source);
  return { pages, restore: copy, reset: copy, release() {} };
}
