import { expect, it } from 'vitest';
import { rewrite, WasmRefused } from '../../runtime/wasm/index.ts';
import { Random } from '../fuzz/random.ts';
import { createRandomModule } from '../fuzz/random-module.ts';
import { fixtureNames, readFixture } from './fixture.ts';

const ROUNDS = Number(process.env.WASM_TEST_MUTATIONS ?? 6000);

it('answers damaged modules with a refusal, or with a module V8 takes when it took the damaged one', () => {
  const random = new Random(20_261_121);
  const below = (limit: number): number => random.below(limit);
  const seeds = [
    ...fixtureNames('feature').map((name) => readFixture('feature', name)),
    ...[1, 2, 3, 4].map((seed) => createRandomModule(seed).plain),
  ];
  let valid = 0;
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const input = seeds[below(seeds.length)]!.slice();
    for (let edits = 1 + below(3); edits > 0; edits--) {
      const at = 8 + below(input.length - 8);
      if (below(4) === 0) input.copyWithin(at, at + below(8));
      else input[at] = below(2) === 0 ? below(256) : input[at]! ^ (1 << below(8));
    }
    try {
      const { code } = rewrite(input);
      if (!WebAssembly.validate(input as BufferSource)) continue;
      valid++;
      expect(WebAssembly.validate(code as BufferSource), `round ${round}`).toBe(true);
    } catch (error) {
      if (!(error instanceof WasmRefused)) throw new Error(`round ${round}`, { cause: error });
      refused++;
    }
  }
  expect(valid).toBeGreaterThan(ROUNDS / 20);
  expect(refused).toBeGreaterThan(ROUNDS / 20);
});
