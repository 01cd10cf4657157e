import { describe, expect, it } from 'vitest';
import { MemoryPool } from '../../runtime/snapshot/index.ts';

const bytesOf = (memory: WebAssembly.Memory) => new Uint8Array(memory.buffer);

describe('a pool of memories', () => {
  it('gives a memory again to whoever needs the same size and limit', () => {
    const pool = new MemoryPool();
    const memory = pool.take(1, 10);
    pool.give(memory, 1, 10);
    expect(pool.take(1, 11)).not.toBe(memory);
    expect(pool.take(2, 10)).not.toBe(memory);
    expect(pool.take(1, 10)).toBe(memory);
    expect(pool.take(1, 10)).not.toBe(memory);
  });

  it('clears what it gives as new, of any size', () => {
    const pool = new MemoryPool();
    for (const pages of [1, 16, 17, 64]) {
      const memory = pool.takeCleared(pages, 100);
      bytesOf(memory).fill(255);
      pool.give(memory, pages, 100);
      const next = pool.takeCleared(pages, 100);
      expect(bytesOf(next).byteLength).toBe(pages * 65_536);
      expect(bytesOf(next).every((byte) => byte === 0)).toBe(true);
    }
  });

  it('takes no memory back that has grown', () => {
    const pool = new MemoryPool();
    const memory = pool.take(1, 10);
    memory.grow(1);
    pool.give(memory, 1, 10);
    expect(pool.take(1, 10)).not.toBe(memory);
  });
});
