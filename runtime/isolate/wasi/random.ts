import { toByteFuel } from './charges.ts';
import { CHUNK_BYTES } from './limits.ts';
import type { Bodies, World } from './world.ts';

/** Making a random byte costs as much as copying so many. */
const COPIES_PER_BYTE = 16;

/** `random_get`, in chunks, so that fuel is asked for between them. */
export const createRandom = (world: World): Bodies => ({
  random_get: (address: number, length: number) => {
    const target = world.memory.bytes(address, length >>> 0);
    world.drew('random', 'random_get');
    for (let at = 0; at < target.length; at += CHUNK_BYTES) {
      const chunk = target.subarray(at, at + CHUNK_BYTES);
      world.charge(toByteFuel(chunk.length * COPIES_PER_BYTE));
      world.random(chunk);
    }
  },
});
