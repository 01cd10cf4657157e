import { expect, it } from 'vitest';
import { callExample } from '../support/guest.ts';

it('greets whom the event names, and the world otherwise', async () => {
  expect(await callExample('hello', { name: 'Ada' })).toEqual({ message: 'Hello, Ada!' });
  expect(await callExample('hello', { queryStringParameters: { name: 'Ada' } })).toEqual({ message: 'Hello, Ada!' });
  expect(await callExample('hello', {})).toEqual({ message: 'Hello, world!' });
  expect(await callExample('hello', { name: 7 })).toEqual({ message: 'Hello, world!' });
});
