import { it } from 'vitest';
import { fixtureNames, isLacking, LACKING, readFixture } from './fixture.ts';
import { expectUnchanged } from './unchanged.ts';

it.for(fixtureNames('feature'))('runs %s as it was, in any slices', (name, { skip }) => {
  const input = readFixture('feature', name);
  if (isLacking(input)) skip(LACKING);
  expectUnchanged(input);
});
