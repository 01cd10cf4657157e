import type { MemoryShape } from '../contract/artifact.ts';
import { WASM_PAGE_BYTES } from '../contract/limits.ts';
import type { MemoryPool, Restorer } from '../snapshot/index.ts';
import { createMemory, maximumPages, type ThreadArtifact } from './prepared.ts';

interface Place {
  readonly initial: number;
  readonly maximum: number;
  /** Its addresses may be of 64 bits: the pool has no such memories. */
  readonly shape: MemoryShape;
  /** Absent where no image covers the memory. */
  readonly restorer: Restorer | undefined;
}

/** The memories of one isolate, in index order: borrowed from the thread's pool, filled from the image, given back. */
export class IsolateMemories {
  readonly #pool: MemoryPool;
  readonly #places: readonly Place[];
  #taken: readonly WebAssembly.Memory[] = [];

  constructor({ manifest, restorers }: ThreadArtifact, memoryMb: number, pool: MemoryPool) {
    this.#pool = pool;
    this.#places = manifest.memories.map((shape, index) => ({
      initial: restorers?.[index]?.pages ?? shape.minPages,
      maximum: maximumPages(shape, memoryMb),
      shape,
      restorer: restorers?.[index],
    }));
  }

  /** Memories for a new instance: with an image they hold anything until `restore`, without one they are all zeros. */
  take(): readonly WebAssembly.Memory[] {
    this.#taken = this.#places.map(({ initial, maximum, shape, restorer }) => {
      if (shape.wide) return createMemory(shape, initial, maximum);
      return restorer ? this.#pool.take(initial, maximum) : this.#pool.takeCleared(initial, maximum);
    });
    return this.#taken;
  }

  /** Fills memories just taken from the image. */
  restore(): void {
    this.#taken.forEach((memory, index) => {
      this.#places[index]?.restorer?.restore(memory);
    });
  }

  /** Undoes whatever an invocation wrote; false when the image does not fit any more. */
  reset(): boolean {
    for (const [index, { initial, restorer }] of this.#places.entries()) {
      if (!restorer || this.#taken[index]?.buffer.byteLength !== initial * WASM_PAGE_BYTES) return false;
    }
    this.#taken.forEach((memory, index) => {
      this.#places[index]?.restorer?.reset(memory);
    });
    return true;
  }

  giveBack(): void {
    this.#taken.forEach((memory, index) => {
      const { initial, maximum, shape, restorer } = this.#places[index] as Place;
      if (!shape.wide && (restorer || this.#pool.clears(initial))) this.#pool.give(memory, initial, maximum);
      else this.#pool.leave(memory);
    });
    this.#taken = [];
  }

  get bytes(): number {
    return this.#taken.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  }
}
