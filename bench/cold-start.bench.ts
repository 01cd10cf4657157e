import { type Bar, drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import { type InThread, measureInThread } from './in-thread.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { measureOverHttp, type OverHttp } from './over-http.ts';
import { type Percentiles, round, rounded, show } from './statistics.ts';
import { heapSubject, readSubject, type Subject } from './subject.ts';
import { formatTable } from './table.ts';
import { measureWorkerStart } from './worker-start.ts';

const SMALL_KIB = 64;
const HEAPS_MIB = [1, 16, 64, 256];
/** From here on a heap is large, in MiB. */
const LARGE_MIB = 64;

const SCOPE = [
  'Measured: instantiating and restoring one isolate in a warm thread, all functions in turn; whole calls there; requests over HTTP',
  'beside a bare node:http echo. Not measured: an artifact on a cold disk, and the start of the process (`start`).',
].join('\n  ');

/**
 * What does a cold start cost, and where does the time go? In a thread, interleaved: instantiate and restore of one isolate
 * by heap size, calls from a fresh image against calls that reuse state, and what touching a page costs then. Over HTTP: the
 * same beside a bare node:http echo. Not measured: reading the artifact from a cold disk, and a first start of the process.
 */
export async function benchColdStart(options: BenchOptions): Promise<BenchResult> {
  const { short } = options;
  const subjects = await chooseSubjects(options);
  const inThread = await measureInThread(subjects, short ? 3_000 : 15_000);
  const worker = await measureWorkerStart(short ? 5 : 20);
  const overHttp = await measureOverHttp(
    subjects.at(options.function ? -1 : 0) as Subject,
    short ? 300 : 3_000,
    short ? 30 : 200,
  );
  const small = inThread[0] as InThread;
  return {
    figures: toFigures(inThread, worker, overHttp),
    text: [
      'In one thread, all functions in turn, microseconds (p50 / p90 / p99); page faults are per 4 KiB page touched',
      formatTable(
        ['function', 'way', 'instantiate', 'restore', 'cold start', 'over small', 'read fault', 'write fault'],
        inThread.map((row) => [
          ...[row.name, row.way, show(row.instantiate), show(row.restore), show(row.cold)],
          `${round(row.cold.p50 / small.cold.p50)}x`,
          ...(row.pageFaults ? [round(row.pageFaults.read), round(row.pageFaults.write)] : ['', '']),
        ]),
      ),
      '',
      'Whole calls in that thread, microseconds (p50 / p90 / p99)',
      formatTable(
        ['function', 'fresh image each time', 'state reused', 'fresh over reused'],
        inThread.map((row) => [row.name, show(row.fresh), show(row.reused), round(row.fresh.p50 - row.reused.p50)]),
      ),
      '',
      'Once per process, not in the cold starts above',
      formatTable(
        ['phase', 'p50, ms'],
        [
          ...inThread.map((row) => [`compile, ${row.name}`, round(row.compileMs)]),
          ['worker, a thread from nothing', round(worker.p50 / 1000)],
        ],
      ),
      '',
      'Over HTTP, whole requests on one connection, microseconds',
      formatTable(
        ['request', 'p50', 'p90', 'p99', 'over bare, p50'],
        (['bare', 'reused', 'fresh', 'cold'] as const).map((name) => {
          const { p50, p90, p99 } = rounded(overHttp[name]);
          return [REQUESTS[name], p50, p90, p99, `${round(overHttp[name].p50 / overHttp.bare.p50)}x`];
        }),
      ),
      '',
      'Phases that the first calls reported, microseconds',
      formatTable(
        ['phase', 'p50 / p90 / p99'],
        Object.entries(overHttp.coldPhases).map(([name, phase]) => [name, show(phase)]),
      ),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: { 'cold-start.svg': draw(inThread) },
    budgets: toBudgets(small, inThread.slice(1), subjects.slice(1)),
  };
}

/** The small function, then those asked for: a user's own, chosen heaps, or the range of heaps. */
async function chooseSubjects({ function: own, event, heaps }: BenchOptions): Promise<Subject[]> {
  const chosen = heaps ?? (own === undefined ? HEAPS_MIB : []);
  const subjects = [await heapSubject(SMALL_KIB)];
  for (const mib of chosen) subjects.push(await heapSubject(mib * 1024));
  if (own !== undefined) subjects.push(await readSubject(own, event));
  return subjects;
}

function toBudgets(small: InThread, others: readonly InThread[], subjects: readonly Subject[]): BenchResult['budgets'] {
  const { p50, p99 } = small.cold;
  const over = small.fresh.p50 - small.reused.p50;
  const large = others.filter((_, index) => (subjects[index]?.heapMib ?? 0) >= LARGE_MIB);
  return [
    {
      promise: `cold start of a small function in a thread, p50 at most ${BUDGETS.inThreadColdP50Us} us`,
      measured: `${round(p50)} us`,
      met: p50 <= BUDGETS.inThreadColdP50Us,
    },
    {
      promise: `the same, p99 at most ${BUDGETS.inThreadColdP99Us} us`,
      measured: `${round(p99)} us`,
      met: p99 <= BUDGETS.inThreadColdP99Us,
    },
    ...large.map((row) => ({
      promise: `with a ${row.name}, p50 at most ${BUDGETS.largeHeapRatio} times that, before page faults`,
      measured: `${round(row.cold.p50 / p50)} times`,
      met: row.cold.p50 / p50 <= BUDGETS.largeHeapRatio,
    })),
    {
      promise: `a fresh image for every call over reused state, p50 at most ${BUDGETS.freshOverReusedUs} us more`,
      measured: `${round(over)} us`,
      met: over <= BUDGETS.freshOverReusedUs,
    },
  ];
}

const REQUESTS = {
  bare: 'bare node:http echo',
  reused: 'state reused',
  fresh: 'fresh image each time',
  cold: 'first call after deploy',
} as const;

function toFigures(inThread: readonly InThread[], worker: Percentiles, overHttp: OverHttp): Record<string, unknown> {
  const small = rounded((inThread[0] as InThread).cold);
  return {
    inThreadColdUs: {
      ...{ p50: small.p50, p99: small.p99 },
      byHeap: Object.fromEntries(
        inThread.map(({ name, cold }) => [name, { p50: round(cold.p50), p99: round(cold.p99) }]),
      ),
    },
    inThread: inThread.map((row) => ({ ...row, ...roundedAll(row) })),
    workerUs: rounded(worker),
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

function draw(inThread: readonly InThread[]): string {
  const bars: Bar[] = inThread.map((row) => ({
    label: `cold start, ${row.name}`,
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
