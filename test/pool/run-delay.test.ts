import { describe, expect, it } from 'vitest';
import { RunDelay } from '../../runtime/pool/run-delay.ts';

describe('the delay of a thread', () => {
  it('only grows, and by no more than time has passed', () => {
    const delay = new RunDelay();
    const began = performance.now();
    const before = delay.read();
    let last = before;
    while (performance.now() - began < 20) {
      const now = delay.read();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
    expect(last - before).toBeLessThanOrEqual(performance.now() - began + 1);
  });
});
