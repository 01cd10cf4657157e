import { type Bar, drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import { type InThread, measureInThread } from './in-thread.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { measureOverHttp, type OverHttp } from './over-http.ts';
import { type Percentiles, round, rounded } from './statistics.ts';
import { formatTable } from './table.ts';

const MIB_IN_KIB = 1024;
const HEAPS_KIB = [64, 1 * MIB_IN_KIB, 16 * MIB_IN_KIB, 64 * MIB_IN_KIB];

/**
 * What does a cold start cost, and where does the time go? In a thread: instantiate and restore of one isolate by heap
 * size, and calls from a fresh image against calls that reuse state. Over HTTP: the same beside a bare node:http echo.
 * Not measured: page faults of a guest that touches much of its heap, and a first start of the whole process.
 */
export async function benchColdStart({ short, heaps }: BenchOptions): Promise<BenchResult> {
  const sizes = heaps ? [64, ...heaps.map((mib) => mib * MIB_IN_KIB)] : HEAPS_KIB;
  await measureInThread(64, 500);
  const inThread: InThread[] = [];
  for (const heapKib of sizes) inThread.push(await measureInThread(heapKib, short ? 300 : 3_000));
  const overHttp = await measureOverHttp(short ? 300 : 3_000, short ? 30 : 200);
  const small = (inThread[0] as InThread).cold;
  return {
    figures: toFigures(inThread, overHttp),
    text: [
      'In one thread, microseconds (p50 / p90 / p99)',
      formatTable(
        ['heap', 'way', 'instantiate', 'restore', 'cold start', 'call, fresh', 'call, reused', 'fresh over reused'],
        inThread.map((row) => [
          heapName(row.heapKib),
          row.kind,
          ...[row.instantiate, row.restore, row.cold, row.fresh, row.reused].map(show),
          round(row.fresh.p50 - row.reused.p50),
        ]),
      ),
      '',
      'Over HTTP, whole requests on one connection, microseconds',
      formatTable(
        ['request', 'p50', 'p90', 'p99', 'over bare, p50'],
        (['bare', 'reused', 'fresh', 'cold'] as const).map((name) => {
          const { p50, p90, p99 } = rounded(overHttp[name]);
          return [REQUESTS[name], p50, p90, p99, round(overHttp[name].p50 / overHttp.bare.p50)];
        }),
      ),
      '',
      'Phases that the cold requests reported, microseconds',
      formatTable(
        ['phase', 'p50', 'p90', 'p99'],
        Object.entries(overHttp.coldPhases).map(([name, phase]) => {
          const { p50, p90, p99 } = rounded(phase);
          return [name, p50, p90, p99];
        }),
      ),
      '',
    ].join('\n'),
    pictures: { 'cold-start.svg': draw(inThread) },
    budgets: [
      {
        promise: `in-thread cold start of a small function, p50 below ${BUDGETS.inThreadColdP50Us} us`,
        measured: `${round(small.p50)} us`,
        met: small.p50 < BUDGETS.inThreadColdP50Us,
      },
    ],
  };
}

const REQUESTS = {
  bare: 'bare node:http echo',
  reused: 'state reused',
  fresh: 'fresh image each time',
  cold: 'first call after deploy',
} as const;

function toFigures(inThread: readonly InThread[], overHttp: OverHttp): Record<string, unknown> {
  const small = rounded((inThread[0] as InThread).cold);
  return {
    inThreadColdUs: { p50: small.p50, p99: small.p99 },
    inThread: inThread.map((row) => ({ ...row, ...roundedAll(row) })),
    overHttpUs: { ...roundedAll(overHttp), coldPhases: roundedAll(overHttp.coldPhases) },
  };
}

function roundedAll(record: object): Record<string, Percentiles> {
  const isPercentiles = (value: unknown): value is Percentiles =>
    typeof value === 'object' && value !== null && 'p50' in value;
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (isPercentiles(value) ? [[name, rounded(value)]] : [])),
  );
}

function show({ p50, p90, p99 }: Percentiles): string {
  return `${round(p50)} / ${round(p90)} / ${round(p99)}`;
}

function heapName(kib: number): string {
  return kib < MIB_IN_KIB ? `${kib} KiB` : `${kib / MIB_IN_KIB} MiB`;
}

function draw(inThread: readonly InThread[]): string {
  const bars: Bar[] = inThread.map((row) => ({
    label: `cold start, ${heapName(row.heapKib)} heap`,
    parts: [
      { name: 'instantiate', value: row.instantiate.p50 },
      { name: 'restore', value: row.restore.p50 },
    ],
  }));
  const small = inThread[0] as InThread;
  bars.push(
    { label: 'call on a fresh image', parts: [{ name: 'call', value: small.fresh.p50 }] },
    { label: 'call, state reused', parts: [{ name: 'call', value: small.reused.p50 }] },
  );
  return drawBars('Cold start inside a thread, p50', 'µs', bars);
}
