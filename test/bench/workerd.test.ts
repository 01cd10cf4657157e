import { expect, it } from 'vitest';
import { compileGuest } from '../../bench/guests.ts';
import { workerd } from '../../bench/peers/workerd.ts';

it('is asked to serve only what it has the imports and the calls for', async () => {
  expect(workerd.cannotServe?.(await compileGuest('hello'))).toBeUndefined();
  expect(workerd.cannotServe?.(await compileGuest('hostile'))).toBe('it imports isola.log');
  expect(workerd.cannotServe?.(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toBe(
    'it has no call that is known here',
  );
});
