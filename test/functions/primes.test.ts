import { describe, expect, it } from 'vitest';
import { callExample } from '../support/guest.ts';

describe('primes', () => {
  it.each([
    [0, 0, 0],
    [1, 0, 0],
    [2, 1, 2],
    [3, 2, 3],
    [4, 2, 3],
    [9, 4, 7],
    [100, 25, 97],
    [7919, 1000, 7919],
    [1_000_000, 78_498, 999_983],
  ])('up to %i are %i, the largest %i', async (limit, count, largest) => {
    expect(await callExample('primes', { limit })).toEqual({ limit, count, largest });
  });

  it('refuses what is no limit', async () => {
    for (const limit of [-1, 1.5, '7', 1e9 + 1, null]) {
      await expect(callExample('primes', { limit })).rejects.toMatchObject({ errorType: 'RangeError' });
    }
  });
});
