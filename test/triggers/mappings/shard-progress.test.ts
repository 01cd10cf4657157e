import { expect, it } from 'vitest';
import { isThrough, ShardProgress } from '../../../runtime/triggers/mappings/shard-progress.ts';

it('says through which record everything is done, in whatever order that comes', () => {
  const progress = new ShardProgress('9');
  for (const each of ['10', '11', '12', '13']) progress.add(each);
  expect([progress.after, progress.pending]).toEqual(['9', 4]);
  progress.finish('12');
  progress.finish('11');
  expect([progress.after, progress.pending]).toEqual(['9', 2]);
  progress.finish('10');
  expect([progress.after, progress.pending]).toEqual(['12', 1]);
  progress.finish('13');
  progress.finish('13');
  expect([progress.after, progress.pending]).toEqual(['13', 0]);
});

it('compares numbers that are too large for JavaScript', () => {
  expect(isThrough('9', '10')).toBe(true);
  expect(isThrough('100000000000000000001', '100000000000000000000')).toBe(false);
  expect(isThrough('1', undefined)).toBe(false);
});
