import { expect, it } from 'vitest';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { Rarely } from '../../runtime/gateway/public/rarely.ts';

it('says the same once a minute, however often it is caused, and what is new at once', () => {
  const said: string[] = [];
  let now = 0;
  const observer = { ...silentObserver, noticed: (_level: string, sentence: string) => void said.push(sentence) };
  const rarely = new Rarely({ observer, clock: () => now });
  for (let each = 0; each < 100; each++) rarely.warn('a');
  rarely.warn('b');
  now = 60_000;
  rarely.warn('a');
  expect(said).toEqual(['a', 'b', 'a']);
});
