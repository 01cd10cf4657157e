import type { FuelMeter } from '../fuel-meter.ts';

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread, at most until the guest's deadline, at which the guest is stopped. */
export function sleepThread(nanoseconds: bigint, meter: FuelMeter): void {
  const wanted = Number(nanoseconds) / 1e6;
  const left = meter.deadline - performance.now();
  meter.onSlice?.(Number.POSITIVE_INFINITY);
  Atomics.wait(cell, 0, 0, Math.max(0, Math.min(wanted, left)));
  if (wanted >= left) meter.stop('deadline');
}
