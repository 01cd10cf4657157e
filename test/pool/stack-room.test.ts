import { expect, it } from 'vitest';
import { assertStackRoom } from '../../runtime/pool/stack-room.ts';

it('is refused where so little stack is left that work would stop halfway, and not before', () => {
  const work = (frames: number): number => (frames === 0 ? 0 : 1 + work(frames - 1));
  let depth = 0;
  const descend = (): number => {
    try {
      assertStackRoom();
    } catch {
      return work(100);
    }
    depth++;
    return descend();
  };
  expect(descend()).toBe(100);
  expect(depth).toBeGreaterThan(100);
});
