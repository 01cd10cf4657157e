import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invocationsPath } from './lambda-calls.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { readProcessorMs } from './resident.ts';
import {
  BARE,
  firstAnswer,
  freePort,
  ISOLA,
  isolaEnv,
  spawnServer,
  startServer,
  stopServer,
} from './server-process.ts';
import { median, type Percentiles, percentiles, round, show } from './statistics.ts';
import { heapSubject, readSubject, type Subject } from './subject.ts';
import { formatTable } from './table.ts';

const ROUNDS = { short: 7, full: 31 };
const BARE_NAME = 'bare node:http echo';

const SCOPE = [
  'Measured: from spawning node to the first answer over HTTP; no isolate of the function has been made before.',
  'Not measured: a cold disk; the files are in the page cache.',
].join('\n  ');

/**
 * How soon does a process answer? From spawning `node` to the first answer over HTTP, in milliseconds: Isola with one
 * deployed function and no isolate of it, beside a bare node:http server, in turn. The client asks again every millisecond
 * until somebody listens. Not measured: a cold disk; the files are in the page cache.
 */
export async function benchStart(options: BenchOptions): Promise<BenchResult> {
  const subject = options.function ? await readSubject(options.function, options.event) : await heapSubject(64);
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  try {
    await deployOne(dataDir, subject);
    const bare: Start[] = [];
    const isola: Start[] = [];
    const rounds = options.short ? ROUNDS.short : ROUNDS.full;
    for (let time = -1; time < rounds; time++) {
      const port = await freePort();
      const one = await startAndAsk(BARE, { PORT: `${port}` }, port, '/', subject.event);
      const other = await startAndAsk(ISOLA, isolaEnv(dataDir, port), port, invocationsPath('one'), subject.event);
      if (time < 0) continue;
      bare.push(one);
      isola.push(other);
    }
    return toResult(bare, isola);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** One start. The processor's time tells of the work where the clock tells of the others on the machine. */
interface Start {
  readonly ms: number;
  readonly cpuMs: number;
}

function toResult(bare: readonly Start[], isola: readonly Start[]): BenchResult {
  const over = (of: keyof Start): number => median(isola.map((start, index) => start[of] / (bare[index] as Start)[of]));
  const ratio = over('ms');
  const own = summarize(isola);
  const other = summarize(bare);
  const row = (name: string, { clock, least, cpu }: Summary): (string | number)[] => [
    ...[name, show(clock), `${round(name === BARE_NAME ? 1 : ratio)}x`, round(least), `${round(least / other.least)}x`],
    ...[round(cpu), `${round(name === BARE_NAME ? 1 : over('cpuMs'))}x`],
  ];
  return {
    figures: {
      firstAnswerMs: { bare: other, isola: own },
      ...{
        startRatio: round(ratio),
        startRatioOfLeast: round(own.least / other.least),
        startCpuRatio: round(over('cpuMs')),
      },
    },
    text: [
      'From process start to the first answer, milliseconds (p50 / p90 / p99), and processor time of all threads by then, p50',
      formatTable(
        ['process', 'first answer', 'over bare, median of pairs', 'least', 'over bare', 'processor', 'over bare'],
        [row(BARE_NAME, other), row('isola, one function deployed', own)],
      ),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {
      'start.svg': drawBars('From process start to the first answer, p50', 'ms', [
        { label: 'bare node:http', parts: [{ name: 'first answer', value: other.clock.p50 }] },
        { label: 'isola, one function', parts: [{ name: 'first answer', value: own.clock.p50 }] },
      ]),
    },
    budgets: [
      {
        promise: `first answer after process start at most ${BUDGETS.startRatio} times a bare node:http server's`,
        measured: `${round(ratio)} times`,
        met: ratio <= BUDGETS.startRatio,
      },
    ],
  };
}

interface Summary {
  readonly clock: Percentiles;
  /** What a busy machine disturbs least. */
  readonly least: number;
  readonly cpu: number;
}

function summarize(starts: readonly Start[]): Summary {
  const clock = starts.map(({ ms }) => ms);
  return { clock: percentiles(clock), least: Math.min(...clock), cpu: median(starts.map(({ cpuMs }) => cpuMs)) };
}

async function deployOne(dataDir: string, subject: Subject): Promise<void> {
  const server = await startServer(ISOLA, isolaEnv(dataDir));
  const client = new HttpClient(server.url);
  try {
    await deploy(client, 'one', subject);
  } finally {
    client.close();
    await server.stop();
  }
}

async function startAndAsk(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  port: number,
  path: string,
  event: string,
): Promise<Start> {
  const began = performance.now();
  const child = spawnServer(argv, env);
  try {
    await firstAnswer(child, port, path, event);
    return { ms: performance.now() - began, cpuMs: readProcessorMs(child.pid as number) };
  } finally {
    await stopServer(child);
  }
}
