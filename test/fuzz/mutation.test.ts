import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeModule, inspect, rewrite, WasmRefused } from '../../runtime/wasm/index.ts';
import { fixtureNames, readFixture } from '../wasm/fixture.ts';
import { Mutator } from './mutator.ts';
import { Random } from './random.ts';
import { createRandomModule } from './random-module.ts';
import { CORPUS, MUTATIONS, SEED, timeoutFor } from './settings.ts';

const OUTPUT_PER_BYTE = 64;
const LARGEST_SEED = 100_000;

function filesIn(folder: string): Uint8Array[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wasm'))
    .map((name) => readFileSync(join(folder, name)))
    .filter(({ length }) => length < LARGEST_SEED);
}

/** Refusals of modules that the engine takes: of proposals, of what would not fit any more, and of a label that V8 wraps around. */
const WITH_REASON =
  /not supported|reserved|too many|at most|above|more than|too large|^label 4294967295 does not exist/;

it('answers damaged modules with a refusal at an offset, or with a module that V8 takes when it took the damaged one', {
  timeout: timeoutFor(MUTATIONS / 50),
}, () => {
  const corpus = [
    ...['feature', 'hostile'].flatMap((folder) => fixtureNames(folder).map((name) => readFixture(folder, name))),
    ...filesIn(join(process.cwd(), 'test', 'fixtures', 'wasi')),
    ...Array.from({ length: 100 }, (_, seed) => createRandomModule(seed).plain),
    ...(CORPUS === undefined ? [] : filesIn(CORPUS)),
  ];
  const mutator = new Mutator(new Random(SEED), corpus);
  const count = { valid: 0, refused: 0, rewritten: 0 };
  for (let round = 0; round < MUTATIONS; round++) {
    const input = mutator.next();
    const valid = WebAssembly.validate(input as BufferSource);
    if (valid) count.valid++;
    const shown = (): string => `mutation ${round} of FUZZ_SEED=${SEED}: ${Buffer.from(input).toString('base64')}`;
    try {
      const { code } = rewrite(input);
      count.rewritten++;
      if (code.length > input.length * OUTPUT_PER_BYTE + 4096)
        throw new Error(`${code.length} bytes of ${input.length}`);
      if (valid && !WebAssembly.validate(code as BufferSource)) throw new Error('the rewritten module is not valid');
      inspect(decodeModule(input), 5);
    } catch (error) {
      const isRefusal = error instanceof WasmRefused && error.offset >= 0 && error.offset <= input.length;
      if (!isRefusal || (valid && !WITH_REASON.test(error.message))) throw new Error(shown(), { cause: error });
      count.refused++;
    }
  }
  process.stdout.write(`mutations from ${SEED}: ${MUTATIONS}, ${JSON.stringify(count)}\n`);
  expect(count.valid).toBeGreaterThan(MUTATIONS / 20);
  expect(count.refused).toBeGreaterThan(MUTATIONS / 20);
});
