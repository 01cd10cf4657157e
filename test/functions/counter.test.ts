import { expect, it } from 'vitest';
import { callExample } from '../support/guest.ts';

it('counts to one on every fresh isolate', async () => {
  expect(await callExample('counter', {})).toEqual({ count: 1 });
  expect(await callExample('counter', {})).toEqual({ count: 1 });
});
