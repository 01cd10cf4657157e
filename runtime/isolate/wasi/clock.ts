import { Errno, fail } from './errno.ts';
import type { Bodies, World } from './world.ts';

/** Clock ids of preview 1. Source: the witx, `$clockid`. */
const ClockId = { REALTIME: 0, MONOTONIC: 1, PROCESS_CPUTIME: 2, THREAD_CPUTIME: 3 } as const;

const DEFAULT_RESOLUTION = 1_000_000n;

/** A clock's time in nanoseconds. Processor time is the time since the invocation began: one thread, nothing else in it. */
export const readClock = (world: World, id: number): bigint => {
  if (id === ClockId.REALTIME) return world.clock.realtime();
  if (id === ClockId.MONOTONIC) return world.clock.monotonic();
  if (id === ClockId.PROCESS_CPUTIME || id === ClockId.THREAD_CPUTIME) {
    return world.clock.monotonic() - world.startedAt;
  }
  fail(Errno.INVAL);
};

/** `clock_*`. */
export const createClock = (world: World): Bodies => ({
  clock_res_get: (id: number, resultAt: number) => {
    if (id >>> 0 > ClockId.THREAD_CPUTIME) fail(Errno.INVAL);
    world.memory.setU64(resultAt, world.clock.resolution ?? DEFAULT_RESOLUTION);
  },
  clock_time_get: (id: number, _precision: bigint, resultAt: number) => {
    world.memory.assertRange(resultAt, 8);
    world.drew('clock', 'clock_time_get');
    world.memory.setU64(resultAt, readClock(world, id));
  },
});
