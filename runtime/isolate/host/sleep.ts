import type { FuelMeter } from '../fuel-meter.ts';
import { sleepUntil } from '../sleep-until.ts';

/** Blocks this thread, at most until the guest's deadline, at which the guest is stopped. */
export function sleepThread(nanoseconds: bigint, meter: FuelMeter): void {
  const until = performance.now() + Number(nanoseconds) / 1e6;
  sleepUntil(Math.min(until, meter.deadline), meter.onSlice);
  if (until >= meter.deadline) meter.stop('deadline');
}
