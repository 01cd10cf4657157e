import { WASM_PAGE_BYTES } from '../contract/limits.ts';

/** Memories kept for another isolate; beyond this many they are left to the collector. */
const KEPT = 64;

/**
 * Memories of one thread, reused by (initial, maximum) pages: a new one costs address space and page faults.
 * What a memory holds when it is taken is whatever its last user left: restore an image over all of it.
 */
export class MemoryPool {
  readonly #idle = new Map<string, WebAssembly.Memory[]>();
  #kept = 0;

  take(initial: number, maximum: number): WebAssembly.Memory {
    const memory = this.#idle.get(`${initial}/${maximum}`)?.pop();
    if (memory) {
      this.#kept--;
      return memory;
    }
    return new WebAssembly.Memory({ initial, maximum });
  }

  /** Takes a memory back; one that has grown is of no use to anyone else. */
  give(memory: WebAssembly.Memory, initial: number, maximum: number): void {
    if (this.#kept >= KEPT || memory.buffer.byteLength !== initial * WASM_PAGE_BYTES) return;
    const key = `${initial}/${maximum}`;
    const idle = this.#idle.get(key);
    if (idle) idle.push(memory);
    else this.#idle.set(key, [memory]);
    this.#kept++;
  }
}
