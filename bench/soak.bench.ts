import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUDGETS } from './budgets.ts';
import { askChild } from './child.ts';
import { toDistinctModule } from './guests.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invocationsPath } from './lambda-calls.ts';
import { drawLine, type Point } from './line-plot.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { readMetric } from './server-metrics.ts';
import { ISOLA, isolaEnv, type ServerProcess, startServer } from './server-process.ts';
import { median, round } from './statistics.ts';
import { heapSubject } from './subject.ts';
import { formatTable } from './table.ts';

const FUNCTIONS = 50;
const INVOCATIONS = { short: 50_000, full: 1_000_000 };
const SAMPLES = 100;
const CONNECTIONS = 8;
/** Most functions are small; every tenth has a heap of a megabyte, another tenth of sixteen. Every fifth keeps its state. */
const HEAP_KIB = [64, 64, 64, 64, 1024, 64, 64, 64, 64, 16_384];
const EVENT = '{"soak":true}';

const SCOPE = [
  'Measured: resident memory as the server says it in /metrics; flat is the median of the last fifth over that of the second fifth.',
  'Not measured: deployments in between, and errors.',
].join('\n  ');

/**
 * Does memory stay where it is? Invocations of fifty functions in turn, every answer compared, and the server's resident
 * memory, as it says itself in /metrics, after every hundredth part. Flat means: the median of the last fifth over that of the
 * second fifth; before, threads and code are still warming up.
 */
export async function benchSoak({ short }: BenchOptions): Promise<BenchResult> {
  const invocations = short ? INVOCATIONS.short : INVOCATIONS.full;
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const server = await startServer(ISOLA, isolaEnv(dataDir));
  try {
    await deployAll(server);
    const question: LoadQuestion = {
      ...{ url: server.url, body: EVENT, expected: EVENT, connections: CONNECTIONS },
      ...{ paths: Array.from({ length: FUNCTIONS }, (_, index) => invocationsPath(`f-${index}`)) },
      requests: invocations / SAMPLES,
    };
    const points: Point[] = [{ x: 0, y: await residentMib(server) }];
    const began = performance.now();
    let done = 0;
    while (done < invocations) {
      done += (await askChild<LoadAnswer>(new URL('./load-generator.js', import.meta.url), question)).requests;
      points.push({ x: done, y: await residentMib(server) });
    }
    return toResult(done, (performance.now() - began) / 1000, points);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function toResult(done: number, seconds: number, points: readonly Point[]): BenchResult {
  const part = (from: number, to: number): number =>
    median(points.filter(({ x }) => x > done * from && x <= done * to).map(({ y }) => y));
  const [early, late] = [part(0.2, 0.4), part(0.8, 1)];
  const count = done.toLocaleString('en');
  return {
    figures: {
      invocations: done,
      seconds: round(seconds),
      residentMib: { early, late },
      growth: round(late / early),
      points,
    },
    text: [
      `${count} invocations of ${FUNCTIONS} functions in ${round(seconds)} s, every answer compared; resident memory of the server`,
      formatTable(
        ['when', 'MiB'],
        [
          ['after deploying', round(points[0]?.y ?? Number.NaN)],
          ...[0.1, 0.2, 0.4, 0.6, 0.8, 1].map((share): [string, number] => [
            `after ${round(share * 100)}%`,
            round(points[Math.round(share * SAMPLES)]?.y ?? Number.NaN),
          ]),
        ],
      ),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {
      'soak.svg': drawLine(
        `Resident memory over ${count} invocations of ${FUNCTIONS} functions`,
        { name: 'invocations', unit: '' },
        { name: 'resident', unit: 'MiB' },
        points,
      ),
    },
    budgets: [
      {
        promise: `resident memory late in a soak at most ${BUDGETS.soakGrowth} times what it was early`,
        measured: `${round(late / early)} times`,
        met: late / early <= BUDGETS.soakGrowth,
      },
    ],
  };
}

async function deployAll({ url }: ServerProcess): Promise<void> {
  const client = new HttpClient(url);
  for (let index = 0; index < FUNCTIONS; index++) {
    const subject = await heapSubject(HEAP_KIB[index % HEAP_KIB.length] as number);
    const module = toDistinctModule(subject.module, index);
    await deploy(
      client,
      `f-${index}`,
      { ...subject, module },
      index % 5 === 0 ? { ISOLA_ISOLATION: 'environment' } : {},
    );
  }
  client.close();
}

async function residentMib({ url }: ServerProcess): Promise<number> {
  return (await readMetric(url, 'process_resident_memory_bytes')) / (1024 * 1024);
}
