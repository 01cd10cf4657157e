import { expect, it } from 'vitest';
import { FreshEvents } from '../../runtime/triggers/fresh-events.ts';

const STORED = Buffer.from('stored');
const fresh = () => new FreshEvents({ event: async (id) => (id < 100 ? STORED : undefined) });

it('an event that was stored just now is not read for its first run, and is for the next ones', async () => {
  const events = fresh();
  const event = Buffer.from('fresh');
  events.keep(1, event);
  expect(await events.event(1)).toBe(event);
  expect(await events.event(1)).toBe(STORED);
  expect(await events.event(100)).toBeUndefined();
});

it('events that are no longer small together are read, until some of those before them have run', async () => {
  const events = fresh();
  const half = new Uint8Array(8 * 2 ** 20);
  for (const id of [1, 2, 3]) events.keep(id, half);
  expect(await events.event(3)).toBe(STORED);
  expect(await events.event(1)).toBe(half);
  events.keep(4, half);
  expect(await events.event(4)).toBe(half);
  expect(await events.event(2)).toBe(half);
});

it('an event that is done with before it has run makes room', async () => {
  const events = fresh();
  const all = new Uint8Array(16 * 2 ** 20);
  events.keep(1, all);
  events.forget(1);
  events.keep(2, all);
  expect(await events.event(1)).toBe(STORED);
  expect(await events.event(2)).toBe(all);
});
