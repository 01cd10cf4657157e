import { FUEL_SLICE } from '../runtime/contract/limits.ts';
import { type Bar, drawBars } from './bars.ts';
import { branchHinting } from './branch-hinting.ts';
import { BUDGETS } from './budgets.ts';
import { compileKernels } from './kernels.ts';
import { loadLargeModule } from './large-module.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { measureOverhead, type Overhead } from './overhead.ts';
import { measureRewriting, type Rewriting } from './rewriting.ts';
import { geomean, round } from './statistics.ts';
import { formatTable } from './table.ts';

/**
 * What does fuel cost? Small programs run unmodified, with our fuel, and with the naive counter, interleaved in one process;
 * then how fast a large module is rewritten, and how much it grows. Not measured: host calls, and code that the engine
 * has not optimised yet.
 */
export async function benchFuel({ short }: BenchOptions): Promise<BenchResult> {
  const large = await loadLargeModule();
  const kernels = await compileKernels();
  const overheads: Overhead[] = [];
  for (const kernel of kernels)
    overheads.push(await measureOverhead(kernel, short ? { warmMs: 60, pairs: 11 } : { warmMs: 300, pairs: 61 }));
  const rewriting = measureRewriting(large, short ? 2 : 5);
  const summary = summarize(overheads);
  const hinting = branchHinting();
  return {
    figures: toFigures(overheads, summary, rewriting, hinting),
    text: [
      `Run time over the unmodified module, medians of pairs. Node ${process.versions.node}, V8 ${process.versions.v8}, branch hinting ${hinting}, slices of up to ${FUEL_SLICE.most} fuel`,
      formatTable(
        ['kernel', 'original, ms', 'ours', 'naive', 'slice, us', 'bytes, ours', 'bytes, naive'],
        [
          ...overheads.map((row) => [
            row.kernel,
            row.originalMs.toFixed(2),
            ...[row.ours, row.naive].map(ratio),
            round((FUEL_SLICE.most / row.fuelPerMs) * 1000),
            ...[row.oursBytes, row.naiveBytes].map(ratio),
          ]),
          ['geomean', '', ratio(summary.ours.geomean), ratio(summary.naive.geomean), '', '', ''],
          ['geomean, none below 1', '', ratio(summary.ours.clipped), ratio(summary.naive.clipped), '', '', ''],
          ['worst', '', ratio(summary.ours.worst), ratio(summary.naive.worst), '', '', ''],
        ],
      ),
      '',
      `Rewriting a module of ${round(rewriting.inputMB)} MB`,
      formatTable(
        ['what', 'measured'],
        [
          ['speed, MB/s', round(rewriting.mbps)],
          ['speed of the first time, MB/s', round(rewriting.firstMBps)],
          ['code growth', ratio(rewriting.codeGrowth)],
          ['compile-time growth, functions compiled when called', ratio(rewriting.lazyCompileGrowth)],
          ['compile-time growth, all functions at once', ratio(rewriting.eagerCompileGrowth)],
        ],
      ),
      '',
    ].join('\n'),
    pictures: { 'fuel.svg': draw(overheads) },
    budgets: toBudgets(overheads, summary, rewriting),
  };
}

interface Summary {
  readonly geomean: number;
  /** No kernel counted below 1: what fuel makes faster by luck is no credit. */
  readonly clipped: number;
  readonly worst: number;
}

function summarize(overheads: readonly Overhead[]): { readonly ours: Summary; readonly naive: Summary } {
  const of = (ratios: readonly number[]): Summary => ({
    geomean: geomean(ratios),
    clipped: geomean(ratios.map((value) => Math.max(1, value))),
    worst: Math.max(...ratios),
  });
  return { ours: of(overheads.map(({ ours }) => ours)), naive: of(overheads.map(({ naive }) => naive)) };
}

function toFigures(
  overheads: readonly Overhead[],
  { ours, naive }: ReturnType<typeof summarize>,
  rewriting: Rewriting,
  hinting: 'on' | 'off',
): Record<string, unknown> {
  return {
    v8: process.versions.v8,
    branchHinting: hinting,
    slice: FUEL_SLICE.most,
    geomean: fixed(ours.geomean),
    geomeanClipped: fixed(ours.clipped),
    worst: fixed(ours.worst),
    naive: { geomean: fixed(naive.geomean), geomeanClipped: fixed(naive.clipped), worst: fixed(naive.worst) },
    kernels: Object.fromEntries(
      overheads.map((row) => [row.kernel, { ours: fixed(row.ours), naive: fixed(row.naive) }]),
    ),
    rewriting: Object.fromEntries(Object.entries(rewriting).map(([name, value]) => [name, round(value)])),
  };
}

function toBudgets(
  overheads: readonly Overhead[],
  { ours }: ReturnType<typeof summarize>,
  { mbps, codeGrowth, lazyCompileGrowth, eagerCompileGrowth }: Rewriting,
): BenchResult['budgets'] {
  const worst = overheads.find((row) => row.ours === ours.worst)?.kernel;
  const compileGrowth = Math.max(lazyCompileGrowth, eagerCompileGrowth);
  return [
    {
      promise: `fuel costs at most ${BUDGETS.fuelGeomean} times, geometric mean of ${overheads.length} kernels, none below 1`,
      measured: ratio(ours.clipped),
      met: ours.clipped <= BUDGETS.fuelGeomean,
    },
    {
      promise: `fuel costs at most ${BUDGETS.fuelWorst} times on any kernel`,
      measured: `${ratio(ours.worst)} on ${worst}`,
      met: ours.worst <= BUDGETS.fuelWorst,
    },
    {
      promise: `a large module is rewritten at ${BUDGETS.rewritingMBps} MB/s or more`,
      measured: `${round(mbps)} MB/s`,
      met: mbps >= BUDGETS.rewritingMBps,
    },
    {
      promise: `a large module grows to at most ${BUDGETS.codeGrowth} times`,
      measured: ratio(codeGrowth),
      met: codeGrowth <= BUDGETS.codeGrowth,
    },
    {
      promise: 'its compile time grows no more than its code',
      measured: `${ratio(compileGrowth)} against ${ratio(codeGrowth)}`,
      met: compileGrowth <= codeGrowth,
    },
  ];
}

function draw(overheads: readonly Overhead[]): string {
  const bars: Bar[] = overheads.flatMap(({ kernel, ours, naive }) => [
    { label: `${kernel}, ours`, parts: [{ name: 'run time', value: ours }] },
    { label: `${kernel}, naive`, parts: [{ name: 'run time', value: naive }] },
  ]);
  return drawBars('Run time with fuel over run time without', 'times', bars);
}

function ratio(value: number): string {
  return value.toFixed(2);
}

function fixed(value: number): number {
  return Number(value.toFixed(3));
}
