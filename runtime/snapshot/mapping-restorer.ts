import { loadLibc } from './libc.ts';
import { ResidentPages } from './resident-pages.ts';
import type { Restorer } from './restorer.ts';
import { wholeOf } from './whole-memory.ts';

/** Which restorer's image a memory has been mapped to last, in this thread. */
const mappedBy = new WeakMap<WebAssembly.Memory, Restorer>();

/**
 * Maps the image copy-on-write. A reset makes every page equal to the image, in one of two ways:
 *
 *     | dropped      | kept | dropped                 | kept | dropped   |
 *     | madvise      | copy | madvise                 | copy | madvise   |
 *
 * Pages that invocations write are kept and copied back, which costs a fraction of the page fault that a dropped page
 * costs the next invocation. Which ones they are matters for speed alone: all others are dropped, whether anybody wrote
 * to them or not.
 */
export function createMappingRestorer(pages: number, fd: number): Restorer {
  const libc = loadLibc();
  if (!libc) throw new Error('a mapped image needs the C library of Linux');
  const resident = new ResidentPages(libc.pageBytes, (range) => {
    if (!libc.dropPrivatePages(range)) throw new Error('the kernel refused to reset the image');
  });
  const restorer: Restorer = {
    pages,
    restore(memory) {
      const bytes = wholeOf(memory, pages);
      if (mappedBy.get(memory) === restorer) resident.copyBack(bytes);
      else if (!libc.mapPrivate(bytes, fd)) throw new Error('the kernel refused to map the image');
      else mappedBy.set(memory, restorer);
    },
    release(memory) {
      if (mappedBy.get(memory) !== restorer) return;
      mappedBy.delete(memory);
      libc.mapZeros(wholeOf(memory, pages));
    },
    reset: (memory) => resident.reset(memory, wholeOf(memory, pages)),
  };
  return restorer;
}
