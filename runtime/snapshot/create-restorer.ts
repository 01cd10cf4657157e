import { createCopyingRestorer } from './copying-restorer.ts';
import { createMappingRestorer } from './mapping-restorer.ts';
import type { Restorer } from './restorer.ts';
import type { SharedMemory } from './shared-image.ts';

/** Chooses the way that the memory was shared for. */
export function createRestorer(memory: SharedMemory): Restorer {
  return memory.kind === 'mapped'
    ? createMappingRestorer(memory.pages, memory.fd)
    : createCopyingRestorer(memory.memory);
}
