import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askChild } from './child.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invocationsPath } from './lambda-calls.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { untilIdle } from './server-metrics.ts';
import { ISOLA, isolaEnv, startServer } from './server-process.ts';
import { median, round, show } from './statistics.ts';
import { heapSubject, readSubject } from './subject.ts';
import { formatTable } from './table.ts';

const CONNECTIONS = [1, 16, 64];
const SCOPE = [
  'Measured: Isola and the load in a process each, signatures off; an event is on disk before its 202. Run: from the first event',
  'sent until the queue is empty. Not measured: TLS, large events, slow guests, functions that fail.',
].join('\n  ');

/** One round: calls that wait, and then events for later. */
interface Round {
  readonly calls: LoadAnswer;
  readonly events: LoadAnswer;
  /** Events that ran a second, in all. */
  readonly ranPerSecond: number;
}

/**
 * How many events for later are accepted, and run, beside calls that wait for their answer? Requests a second by the number
 * of connections; the disk is this machine's.
 */
export async function benchEvents(options: BenchOptions): Promise<BenchResult> {
  const subject = options.function ? await readSubject(options.function, options.event) : await heapSubject(64);
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const isola = await startServer(ISOLA, isolaEnv(dataDir));
  try {
    const client = new HttpClient(isola.url);
    await deploy(client, 'f', subject);
    client.close();
    const question = {
      ...{ url: isola.url, paths: [invocationsPath('f')], body: subject.event },
      ms: options.short ? 500 : 2_000,
    };
    const rows: { connections: number; rounds: Round[] }[] = [];
    for (const connections of CONNECTIONS) {
      const rounds: Round[] = [];
      for (let turn = -1; turn < (options.short ? 3 : 9); turn++) {
        const one = await measure({ ...question, connections });
        if (turn >= 0) rounds.push(one);
      }
      rows.push({ connections, rounds });
    }
    return toResult(rows);
  } finally {
    await isola.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(question: LoadQuestion): Promise<Round> {
  const calls = await load(question);
  const began = performance.now();
  const events = await load({ ...question, headers: { 'x-amz-invocation-type': 'Event' }, status: 202 });
  await untilIdle(question.url);
  const seconds = (performance.now() - began) / 1000;
  return { calls, events, ranPerSecond: events.requests / seconds };
}

function load(question: LoadQuestion): Promise<LoadAnswer> {
  return askChild(new URL('./load-generator.js', import.meta.url), question);
}

function toResult(rows: readonly { readonly connections: number; readonly rounds: readonly Round[] }[]): BenchResult {
  const events = rows.map(({ connections, rounds }) => ({
    connections,
    calls: median(rounds.map(({ calls }) => calls.perSecond)),
    accepted: median(rounds.map((each) => each.events.perSecond)),
    ran: median(rounds.map(({ ranPerSecond }) => ranPerSecond)),
    acceptedOverCalls: median(rounds.map((each) => each.events.perSecond / each.calls.perSecond)),
    latency: (rounds.at(-1) as Round).events.latency,
  }));
  return {
    figures: { events },
    text: [
      'Requests a second over HTTP from another process, medians of rounds; latency of accepting in microseconds (p50 / p90 / p99)',
      formatTable(
        ['connections', 'calls/s', 'accepted/s', 'of calls', 'run/s', 'latency'],
        events.map((row) => [
          ...[row.connections, round(row.calls), round(row.accepted), `${round(row.acceptedOverCalls)}x`],
          ...[round(row.ran), show(row.latency)],
        ]),
      ),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {},
    budgets: [],
  };
}
