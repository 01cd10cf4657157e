import type { FuelMeter } from './fuel-meter.ts';

/**
 * A waiting thread looks up for what has come to it meanwhile after so many milliseconds, each time later: work that was on its
 * way comes at once, and many threads that wait for long should cost next to nothing.
 */
const NAP_MS = { first: 10, most: 100 } as const;

/**
 * Blocks this thread in a host call until the cell's first value is one that `isEnough` takes, woken by whoever changes it and
 * notifies; at most until the guest's deadline, at which the guest is stopped. What waits behind it goes to other threads, its
 * slice does not count the time, and it goes on when it is its turn.
 */
export function waitFor(cell: Int32Array, isEnough: (value: number) => boolean, meter: FuelMeter): void {
  let value = Atomics.load(cell, 0);
  if (isEnough(value)) return;
  const began = performance.now();
  for (let nap: number = NAP_MS.first; !isEnough(value); value = Atomics.load(cell, 0)) {
    const left = meter.deadline - performance.now();
    if (left <= 0) meter.stop('deadline');
    meter.onSlice?.(Number.POSITIVE_INFINITY);
    Atomics.wait(cell, 0, value, Math.min(left, nap));
    nap = Math.min(2 * nap, NAP_MS.most);
  }
  const now = performance.now();
  meter.rested(now - began);
  meter.takeTurn(now);
}
