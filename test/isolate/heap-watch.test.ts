import { describe, expect, it } from 'vitest';
import { HeapWatch } from '../../runtime/isolate/heap-watch.ts';

const MIB = 1024 * 1024;
const FOREVER = Number.POSITIVE_INFINITY;

function begun(limit: number): HeapWatch {
  const watch = new HeapWatch(limit);
  watch.begin();
  return watch;
}

describe('a watch of the heap', () => {
  it('lets a guest make what fits', () => {
    expect(begun(512 * MIB).whyStop({ pending: 16 * MIB, burnt: 0, msLeft: FOREVER })).toBeUndefined();
  });

  it('stops a guest before an array that does not fit', () => {
    expect(begun(16 * MIB).whyStop({ pending: 512 * MIB, burnt: 0, msLeft: FOREVER })).toBe('heap');
  });

  it('stops a guest for its deadline when there is no time to make an array', () => {
    expect(begun(512 * MIB).whyStop({ pending: 16 * MIB, burnt: 0, msLeft: 1 })).toBe('deadline');
  });

  it('stops a guest for its deadline when there is no time to collect', () => {
    expect(begun(0).whyStop({ pending: 1, burnt: 0, msLeft: 1 })).toBe('deadline');
  });

  it('tells of what the guest made, and of what it kept from before', () => {
    const watch = begun(512 * MIB);
    const made = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    watch.whyStop({ pending: 1, burnt: 0, msLeft: FOREVER });
    expect(watch.most).toBeGreaterThan(2 * MIB);
    watch.keep();
    watch.begin();
    expect(watch.most).toBeGreaterThan(2 * MIB);
    expect(made.length).toBe(200_000);
  });
});
