import type { FuelMeter } from '../fuel-meter.ts';

const cell = new Int32Array(new SharedArrayBuffer(4));
/** A sleeping thread looks up this often, in milliseconds, for what has come to it meanwhile. */
const NAP_MS = 10;

/** Blocks this thread, at most until the guest's deadline, at which the guest is stopped. */
export function sleepThread(nanoseconds: bigint, meter: FuelMeter): void {
  const until = performance.now() + Number(nanoseconds) / 1e6;
  for (let now = performance.now(); now < until && now < meter.deadline; now = performance.now()) {
    const left = Math.min(until, meter.deadline) - now;
    meter.onSlice?.(left < NAP_MS ? now : Number.POSITIVE_INFINITY);
    Atomics.wait(cell, 0, 0, Math.min(left, NAP_MS));
  }
  if (until >= meter.deadline) meter.stop('deadline');
}
