import { WASM_PAGE_BYTES } from '../contract/limits.ts';

/** The bytes of a memory; throws when it has another size than its image. */
export function wholeOf(memory: WebAssembly.Memory, pages: number): Uint8Array {
  const bytes = new Uint8Array(memory.buffer);
  if (bytes.byteLength !== pages * WASM_PAGE_BYTES) throw new RangeError('the memory is not of the size of the image');
  return bytes;
}
