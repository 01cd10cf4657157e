import { benchColdStart } from './cold-start.bench.ts';
import { benchDensity } from './density.bench.ts';
import { benchMany } from './many.bench.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { benchStart } from './start.bench.ts';

const PARTS = [benchColdStart, benchDensity, benchStart, benchMany];

/** All that Isola promises of cold starts, density, process start and many functions, one bench after the other. */
export async function benchGoals(options: BenchOptions): Promise<BenchResult> {
  const results: BenchResult[] = [];
  for (const bench of PARTS) results.push(await bench(options));
  return {
    figures: Object.assign({}, ...results.map(({ figures }) => figures)) as BenchResult['figures'],
    text: results.map(({ text, scope }) => (scope ? `${text}\n  ${scope}\n` : text)).join('\n'),
    pictures: Object.assign({}, ...results.map(({ pictures }) => pictures)) as BenchResult['pictures'],
    budgets: results.flatMap(({ budgets }) => budgets),
  };
}
