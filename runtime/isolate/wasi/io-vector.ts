import { Errno, fail } from './errno.ts';
import type { GuestMemory } from './guest-memory.ts';
import { IO_VECTORS } from './limits.ts';

const VECTOR_BYTES = 8;

/**
 * The buffers of a scattered read or write, all checked to lie in the memory before the first is used. Buffers may overlap.
 * Fails with INVAL for too many buffers or more than 2^32-1 bytes in all.
 *
 *     address -> | buffer u32 | length u32 | buffer u32 | length u32 | ...
 */
export const parseIoVectors = (memory: GuestMemory, address: number, count: number): Uint8Array[] => {
  const length = count >>> 0;
  if (length > IO_VECTORS) fail(Errno.INVAL);
  memory.assertRange(address, length * VECTOR_BYTES);
  const buffers: Uint8Array[] = [];
  let total = 0;
  for (let index = 0; index < length; index++) {
    const vector = (address >>> 0) + index * VECTOR_BYTES;
    const buffer = memory.bytes(memory.u32(vector), memory.u32(vector + 4));
    total += buffer.length;
    if (total > 0xffff_ffff) fail(Errno.INVAL);
    buffers.push(buffer);
  }
  return buffers;
};
