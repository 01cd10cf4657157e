const cell = new Int32Array(new SharedArrayBuffer(4));
/** A sleeping thread looks up this often, in milliseconds, for what has come to it meanwhile. */
const NAP_MS = 10;

/** Blocks this thread; `onSlice` is told before each nap, with Infinity before a long one. */
export function sleepUntil(until: number, onSlice: ((now: number) => void) | undefined): void {
  for (let now = performance.now(); now < until; now = performance.now()) {
    const left = until - now;
    onSlice?.(left < NAP_MS ? now : Number.POSITIVE_INFINITY);
    Atomics.wait(cell, 0, 0, Math.min(left, NAP_MS));
  }
}
