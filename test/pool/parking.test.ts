import { describe, expect, it } from 'vitest';
import { Parking } from '../../runtime/pool/parking.ts';
import type { Thread } from '../../runtime/pool/thread.ts';

const threadOf = (parts: { load?: number; currentSince?: number; hasStarted?: boolean } = {}): Thread =>
  ({ load: 0, currentSince: 0, hasStarted: true, ...parts }) as Thread;

describe('parking', () => {
  it('takes so many threads, which are no capacity while they wait', () => {
    const threads = new Set([threadOf(), threadOf(), threadOf()]);
    const [first, second, third] = [...threads] as [Thread, Thread, Thread];
    const parking = new Parking(threads, { wanted: 3, most: 2 });
    expect([parking.enter(first), parking.enter(second), parking.enter(third)]).toEqual([true, true, false]);
    expect(parking).toMatchObject({ size: 2, running: 1, lacks: true });
    expect(parking.enter(first)).toBe(true);
    parking.leave(first);
    expect(parking.enter(third)).toBe(true);
    expect(parking).toMatchObject({ size: 2, running: 1 });
  });

  it('lets go of threads that stood in when they have had nothing to do for a while, and of no others', () => {
    const busy = threadOf({ load: 1 });
    const recent = threadOf({ currentSince: 99_000 });
    const idle = threadOf();
    const unstarted = threadOf({ hasStarted: false });
    const threads = new Set([busy, recent, idle, unstarted]);
    expect(new Parking(threads, { wanted: 2, most: 9 }).surplus(100_000)).toEqual([unstarted, idle]);
    expect(new Parking(threads, { wanted: 3, most: 9 }).surplus(100_000)).toEqual([unstarted]);
    expect(new Parking(threads, { wanted: 4, most: 9 }).surplus(100_000)).toEqual([]);
    expect(new Parking(new Set([busy, recent]), { wanted: 1, most: 9 }).surplus(100_000)).toEqual([]);
  });

  it('keeps as many as are wanted beside those that wait', () => {
    const threads = new Set([threadOf({ load: 1 }), threadOf(), threadOf()]);
    const parking = new Parking(threads, { wanted: 2, most: 9 });
    parking.enter([...threads][0] as Thread);
    expect(parking.surplus(100_000)).toEqual([]);
  });
});
