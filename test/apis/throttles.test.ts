import { expect, it } from 'vitest';
import { Throttles } from '../../runtime/apis/throttles.ts';

const SETTINGS = { throttlingRateLimit: 2, throttlingBurstLimit: 3 };

it('lets a burst through, and then as many as the rate says', () => {
  const throttles = new Throttles();
  const take = (now: number) => throttles.take('a', SETTINGS, now);
  expect([take(0), take(0), take(0), take(0)]).toEqual([true, true, true, false]);
  expect([take(499), take(500), take(500)]).toEqual([false, true, false]);
  expect([take(9_000), take(9_000), take(9_000), take(9_000)]).toEqual([true, true, true, false]);
});

it('keeps each route apart, and lets everything through where nothing is said', () => {
  const throttles = new Throttles();
  const none = { throttlingBurstLimit: 0, throttlingRateLimit: 0 };
  expect([throttles.take('a', none, 0), throttles.take('b', {}, 0), throttles.take('c', SETTINGS, 0)]).toEqual([
    ...[false, true, true],
  ]);
});

it('is not filled by a clock that goes back', () => {
  const throttles = new Throttles();
  const one = { throttlingRateLimit: 1, throttlingBurstLimit: 1 };
  expect([throttles.take('a', one, 5_000), throttles.take('a', one, 0), throttles.take('a', one, 500)]).toEqual([
    ...[true, false, false],
  ]);
});

it('remembers no more routes than it may', () => {
  const throttles = new Throttles(2);
  const one = { throttlingRateLimit: 0, throttlingBurstLimit: 1 };
  for (const name of ['a', 'b', 'c']) throttles.take(name, one, 0);
  expect([throttles.take('c', one, 0), throttles.take('b', one, 0), throttles.take('a', one, 0)]).toEqual([
    ...[false, false, true],
  ]);
});
