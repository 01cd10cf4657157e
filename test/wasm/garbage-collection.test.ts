import { it } from 'vitest';
import { COLLECTED } from './collected-modules.ts';
import { isLacking, LACKING } from './fixture.ts';
import { expectUnchanged } from './unchanged.ts';

it.for(Object.keys(COLLECTED))('runs the module of %s as it was, in any slices', (name, { skip }) => {
  const input = COLLECTED[name]!();
  if (isLacking(input)) skip(LACKING);
  expectUnchanged(input);
});
