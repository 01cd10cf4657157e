import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AdaptiveSliceLength } from '../../runtime/isolate/slice-length.ts';
import { LACKING } from '../wasm/fixture.ts';
import { createAssembler } from './assembler.ts';
import { type Comparison, compareScript } from './compare.ts';
import { REFUSALS } from './refusals.ts';
import { Summary } from './summary.ts';

const OWN = join(process.cwd(), 'test', 'spec', 'cases');
const SUITE = process.env.WASM_SPEC_SUITE;
const LEDGER = process.env.WASM_SPEC_LEDGER;
/** The first expires in the middle of everything; the other is the product's own. */
const SLICES = [() => 37, () => new AdaptiveSliceLength()];

const assembler = await createAssembler(process.env.WASM_SPEC_ASSEMBLER);

function scriptsIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.wast')).sort();
}

/** In each slice; differences must be none, and fuel must not depend on the slice. */
async function compare(folder: string, name: string): Promise<Comparison> {
  const text = readFileSync(join(folder, name), 'utf8');
  const [first, ...others] = await Promise.all(SLICES.map((slice) => compareScript(text, assembler, slice)));
  for (const { differences, ledger } of [first!, ...others]) {
    expect(differences, name).toEqual([]);
    expect(ledger, `fuel of ${name}`).toEqual(first?.ledger);
  }
  return first!;
}

describe('our scripts', () => {
  it.for(scriptsIn(OWN))('%s holds on the engine alone and rewritten', async (name, { skip }) => {
    const { lacking, unassembled, refused, ledger } = await compare(OWN, name);
    expect(unassembled).toEqual([]);
    expect([...refused.keys()]).toEqual([]);
    if (lacking.length > 0 && Number.parseInt(process.versions.node, 10) < 24) skip(LACKING);
    expect(lacking).toEqual([]);
    expect(ledger.some(([, fuel]) => fuel > 0)).toBe(true);
  });
});

describe('the suite of the specification', () => {
  if (SUITE === undefined) {
    it.skip('runs when WASM_SPEC_SUITE names its folder');
    return;
  }
  const summary = new Summary();
  const ledgers: Record<string, Comparison['ledger']> = {};
  afterAll(() => {
    console.log(summary.text);
    if (LEDGER !== undefined) writeFileSync(LEDGER, JSON.stringify(ledgers));
  });

  it.for(scriptsIn(SUITE))(
    '%s: what passes on the engine alone passes rewritten',
    { timeout: 600_000 },
    async (name) => {
      const comparison = await compare(SUITE, name);
      summary.add(comparison);
      ledgers[name] = comparison.ledger;
      const unexpected = [...comparison.refused.keys()].filter((what) => !REFUSALS.some(([known]) => known.test(what)));
      expect(unexpected, 'refusals without a reason').toEqual([]);
    },
  );
});
