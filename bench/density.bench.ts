import { type Bar, drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import { askChild } from './child.ts';
import type { DensityAnswer, DensityQuestion } from './density-child.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { round } from './statistics.ts';
import { formatTable } from './table.ts';

const HEAP_MIB = 64;
const ISOLATES = 1000;
const STATES = {
  fresh: 'restored, not yet called',
  served: 'called once and reset',
  kept: 'called once, state kept',
} as const;

/** KiB of one isolate. */
interface PerIsolate {
  readonly state: keyof typeof STATES;
  readonly anonymous: number;
  readonly pageTables: number;
  readonly rss: number;
}

const SCOPE = [
  'Measured: what isolates add to a process, kernel page tables included, beyond the image they share. RSS is an upper bound: it',
  'counts a shared page for every isolate that has read it. Not measured: guests that write much; what they write is theirs.',
].join('\n  ');

/**
 * What does a live isolate weigh? Many isolates of one image in one thread of a fresh process: what they add to the process
 * beyond the image that they share, kernel page tables included. RSS is shown as an upper bound: it counts a shared page
 * for every isolate that has read it. Not measured: guests that write much; what they write is theirs.
 */
export async function benchDensity({ heaps }: BenchOptions): Promise<BenchResult> {
  const heapMib = heaps?.[0] ?? HEAP_MIB;
  const rows: PerIsolate[] = [];
  for (const state of ['fresh', 'served', 'kept'] as const) {
    rows.push(toPerIsolate(state, await ask({ heapMib, isolates: ISOLATES, state })));
  }
  return {
    figures: { heapMib, isolates: ISOLATES, residentKib: rows },
    text: [
      `${ISOLATES} live isolates of a ${heapMib} MiB image in one thread, KiB each beyond the shared image`,
      formatTable(
        ['isolate', 'written pages, engine', 'page tables', 'together', 'RSS (upper bound)'],
        rows.map((row) => [
          STATES[row.state],
          ...[row.anonymous, row.pageTables, weigh(row), row.rss].map((kib) => (Number.isNaN(kib) ? '?' : round(kib))),
        ]),
      ),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: { 'density.svg': draw(rows, heapMib) },
    budgets: rows
      .filter(({ state }) => state !== 'kept')
      .map((row) => ({
        promise: `an isolate ${STATES[row.state]} is resident with at most ${BUDGETS.residentKib} KiB of its own`,
        measured: `${round(weigh(row))} KiB`,
        met: weigh(row) <= BUDGETS.residentKib,
      })),
  };
}

function ask(question: DensityQuestion): Promise<DensityAnswer> {
  return askChild(new URL('./density-child.js', import.meta.url), question, {
    execArgv: ['--expose-gc', '--max-semi-space-size=1'],
  });
}

function toPerIsolate(state: PerIsolate['state'], { live, before, after }: DensityAnswer): PerIsolate {
  if (live < ISOLATES) throw new Error(`only ${live} isolates could live`);
  const each = (of: 'anonymous' | 'pageTables' | 'rss'): number => Math.max(0, after[of] - before[of]) / live;
  return { state, anonymous: each('anonymous'), pageTables: each('pageTables'), rss: each('rss') };
}

/** Without /proc all that is known is the RSS. */
function weigh({ anonymous, pageTables, rss }: PerIsolate): number {
  return Number.isNaN(anonymous) ? rss : anonymous + pageTables;
}

function draw(rows: readonly PerIsolate[], heapMib: number): string {
  const bars: Bar[] = rows.map((row) => ({
    label: STATES[row.state],
    parts: [
      { name: 'written, engine', value: row.anonymous },
      { name: 'page tables', value: row.pageTables },
    ],
  }));
  return drawBars(`Resident memory of an isolate beyond its shared ${heapMib} MiB image`, 'KiB', bars);
}
