import { WASM_PAGE_BYTES } from '../contract/limits.ts';
import { loadLibc } from './libc.ts';
import type { Restorer } from './restorer.ts';

/** Memories kept for another isolate; beyond this many they are left to the collector. */
const KEPT = 64;

/** Larger memories are not cleared for reuse, in bytes: a new one, whose pages are only there when touched, costs less. */
const CLEARED_BYTES = 1024 * 1024;

/**
 * Memories of one thread, reused by (initial, maximum) pages: a new one costs page faults, and address space until the
 * collector has found it.
 */
export class MemoryPool {
  readonly #idle = new Map<string, WebAssembly.Memory[]>();
  #kept = 0;

  /** What the memory holds is whatever its last user left: restore an image over all of it. */
  take(initial: number, maximum: number): WebAssembly.Memory {
    return this.#takeIdle(initial, maximum) ?? new WebAssembly.Memory({ initial, maximum });
  }

  /** True when memories of this size are worth giving back for `takeCleared`. */
  clears(initial: number): boolean {
    return initial * WASM_PAGE_BYTES <= CLEARED_BYTES;
  }

  /** A memory as a new one is: all zeros. */
  takeCleared(initial: number, maximum: number): WebAssembly.Memory {
    const idle = this.clears(initial) ? this.#takeIdle(initial, maximum) : undefined;
    if (!idle) return new WebAssembly.Memory({ initial, maximum });
    new Uint8Array(idle.buffer).fill(0);
    return idle;
  }

  /** Takes a memory back; one that has grown is of no use to anyone else. */
  give(memory: WebAssembly.Memory, initial: number, maximum: number): void {
    if (this.#kept >= KEPT || memory.buffer.byteLength !== initial * WASM_PAGE_BYTES) {
      this.leave(memory);
      return;
    }
    const key = `${initial}/${maximum}`;
    const idle = this.#idle.get(key);
    if (idle) idle.push(memory);
    else this.#idle.set(key, [memory]);
    this.#kept++;
  }

  /** Leaves a memory to the collector, which may come late: its pages, and the image it may hold, go at once where that can be done. */
  leave(memory: WebAssembly.Memory): void {
    if (memory.buffer.byteLength > CLEARED_BYTES) loadLibc()?.mapZeros(new Uint8Array(memory.buffer));
  }

  /** Lets go of an image in all memories that nobody uses: they would keep it from going. */
  release(restorer: Restorer): void {
    for (const memories of this.#idle.values()) for (const memory of memories) restorer.release(memory);
  }

  #takeIdle(initial: number, maximum: number): WebAssembly.Memory | undefined {
    const memory = this.#idle.get(`${initial}/${maximum}`)?.pop();
    if (memory) this.#kept--;
    return memory;
  }
}
