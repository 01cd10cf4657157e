import { expect, it } from 'vitest';
import { FUEL_SLICE } from '../../runtime/contract/limits.ts';
import { AdaptiveSliceLength } from '../../runtime/isolate/slice-length.ts';

/** The lengths of slices that end at these times, in milliseconds, each wholly burnt. */
function lengths(times: readonly number[], deadline = Number.POSITIVE_INFINITY): number[] {
  const slices = new AdaptiveSliceLength();
  const all = [slices.first()];
  for (const [index, time] of times.entries()) {
    all.push(slices.next(time - (times[index - 1] ?? 0), all.at(-1)!, deadline - time));
  }
  return all;
}

it('lengthens the slices of a fast guest step by step, to a bound', () => {
  expect(lengths([0.01, 0.02, 0.03, 0.04])).toEqual([50_000, 200_000, 800_000, FUEL_SLICE.most, FUEL_SLICE.most]);
});

it('gives a guest of steady speed slices of a millisecond', () => {
  expect(lengths([0.25, 1.25, 2.25]).map(Math.round)).toEqual([50_000, 200_000, 200_000, 200_000]);
});

it('shortens the slice at once after a slow one', () => {
  expect(lengths([0.01, 0.02, 0.03, 50.03]).at(-1)).toBe(20_000);
  expect(lengths([500]).at(-1)).toBe(FUEL_SLICE.least);
});

it('grants no more than the slowest code burns until shortly after the deadline', () => {
  const all = lengths([1, 50, 90, 98, 99, 100], 100.5);
  for (const [index, left] of [99.5, 50.5, 10.5, 2.5, 1.5, 0.5].entries()) {
    expect(all[index + 1]).toBeLessThanOrEqual((left + 2) * 2000);
  }
});
