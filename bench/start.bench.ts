import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invocationsPath } from './lambda-calls.ts';
import type { BenchOptions, BenchResult } from './options.ts';
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
import { median, percentiles, round, show } from './statistics.ts';
import { heapSubject, readSubject, type Subject } from './subject.ts';
import { formatTable } from './table.ts';

const ROUNDS = { short: 7, full: 31 };

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
    const bare: number[] = [];
    const isola: number[] = [];
    const rounds = options.short ? ROUNDS.short : ROUNDS.full;
    for (let time = -1; time < rounds; time++) {
      const port = await freePort();
      const one = await startAndAsk(BARE, { PORT: `${port}` }, port, '/', subject.event);
      const other = await startAndAsk(ISOLA, isolaEnv(dataDir, port), port, invocationsPath('one'), subject.event);
      if (time < 0) continue;
      bare.push(one);
      isola.push(other);
    }
    const ratios = isola.map((took, index) => took / (bare[index] as number));
    return toResult(bare, isola, median(ratios));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function toResult(bare: readonly number[], isola: readonly number[], ratio: number): BenchResult {
  const [leastBare, leastIsola] = [Math.min(...bare), Math.min(...isola)];
  return {
    figures: {
      firstAnswerMs: {
        bare: { ...percentiles(bare), least: round(leastBare) },
        isola: { ...percentiles(isola), least: round(leastIsola) },
      },
      ...{ startRatio: round(ratio), startRatioOfLeast: round(leastIsola / leastBare) },
    },
    text: [
      'From process start to the first answer, milliseconds (p50 / p90 / p99); the least is what a busy machine disturbs least',
      formatTable(
        ['process', 'first answer', 'over bare, median of pairs', 'least', 'over bare'],
        [
          ['bare node:http echo', show(percentiles(bare)), '1x', round(leastBare), '1x'],
          [
            ...['isola, one function deployed', show(percentiles(isola)), `${round(ratio)}x`],
            ...[round(leastIsola), `${round(leastIsola / leastBare)}x`],
          ],
        ],
      ),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {
      'start.svg': drawBars('From process start to the first answer, p50', 'ms', [
        { label: 'bare node:http', parts: [{ name: 'first answer', value: percentiles(bare).p50 }] },
        { label: 'isola, one function', parts: [{ name: 'first answer', value: percentiles(isola).p50 }] },
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
): Promise<number> {
  const began = performance.now();
  const child = spawnServer(argv, env);
  try {
    await firstAnswer(child, port, path, event);
    return performance.now() - began;
  } finally {
    await stopServer(child);
  }
}
