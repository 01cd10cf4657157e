import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.ts';
import { compileGuest } from './guests.ts';
import { HttpClient } from './http-client.ts';
import { createRole, deploy, invocationsPath } from './lambda-calls.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { readLoopDelayP99, untilIdle } from './server-metrics.ts';
import { ISOLA, isolaEnv, startServer } from './server-process.ts';
import { median, round, show } from './statistics.ts';
import { helloSubject } from './subject.ts';
import { formatTable } from './table.ts';

const CALLERS = 2;
const ROLE = 'writer';
const SCOPE = [
  'Measured: Isola and the loads in a process each, signatures off; two connections call a function that writes nothing, and as many',
  'as the table says write beside them. A write is on disk before its answer. Not measured: large values, slow disks.',
].join('\n  ');

type Writes = Pick<LoadQuestion, 'body' | 'connections' | 'headers' | 'paths' | 'status'>;

const EVENTS = {
  body: '{"name":"Ada"}',
  headers: { 'x-amz-invocation-type': 'Event' },
  status: 202,
  paths: [path('f')],
};
const VALUES = { body: '{"op":"kv.put","key":"k"}', paths: [path('put')] };

const CASES: readonly { readonly name: string; readonly writes?: Writes }[] = [
  { name: 'nothing' },
  ...[1, 16, 64].map((connections) => ({ name: `events, ${connections}`, writes: { ...EVENTS, connections } })),
  ...[1, 16, 64].map((connections) => ({ name: `values, ${connections}`, writes: { ...VALUES, connections } })),
];

interface Round {
  readonly calls: LoadAnswer;
  readonly writes: LoadAnswer | undefined;
  /** Microseconds. */
  readonly loopDelayP99: number;
}

/** What do calls that write nothing feel of those that do: events for later, and functions that put values? */
export async function benchWrites({ short, profile }: BenchOptions): Promise<BenchResult> {
  const hello = await helloSubject();
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const isola = await startServer(ISOLA, isolaEnv(dataDir), { profile });
  const load = new URL('./load-generator.js', import.meta.url);
  const [calling, writing] = [new Child(load), new Child(load)];
  try {
    const client = new HttpClient(isola.url);
    await createRole(client, ROLE, 'isola:Kv*');
    await deploy(client, 'f', hello);
    await deploy(client, 'put', { ...hello, module: await compileGuest('put'), role: ROLE });
    client.close();
    const common = { url: isola.url, ms: short ? 500 : 2_000 };
    const calls = { ...common, body: hello.event, paths: [path('f')], connections: CALLERS };
    const rows = CASES.map(({ name, writes }) => ({ name, writes, rounds: [] as Round[] }));
    for (let turn = -1; turn < (short ? 3 : 9); turn++) {
      for (const { writes, rounds } of rows) {
        await readLoopDelayP99(isola.url);
        const [called, written] = await Promise.all([
          calling.ask<LoadAnswer>(calls),
          writes && writing.ask<LoadAnswer>({ ...common, ...writes }),
        ]);
        const loopDelayP99 = await readLoopDelayP99(isola.url);
        await untilIdle(isola.url);
        if (turn >= 0) rounds.push({ calls: called, writes: written, loopDelayP99 });
      }
    }
    return toResult(rows);
  } finally {
    await calling.stop();
    await writing.stop();
    await isola.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function path(name: string): string {
  return invocationsPath(name);
}

function toResult(rows: readonly { readonly name: string; readonly rounds: readonly Round[] }[]): BenchResult {
  const writes = rows.map(({ name, rounds }) => ({
    name,
    writesPerSecond: median(rounds.map((each) => each.writes?.perSecond ?? 0)),
    writeLatency: rounds.at(-1)?.writes?.latency,
    callsPerSecond: median(rounds.map(({ calls }) => calls.perSecond)),
    callP50: median(rounds.map(({ calls }) => calls.latency.p50)),
    callP99: median(rounds.map(({ calls }) => calls.latency.p99)),
    loopDelayP99: median(rounds.map(({ loopDelayP99 }) => loopDelayP99)),
  }));
  const alone = writes[0];
  return {
    figures: { writes },
    text: [
      'Calls of a function that writes nothing, beside what writes; medians of rounds, microseconds (writes: p50 / p90 / p99)',
      formatTable(
        ['who writes', 'writes/s', 'latency', 'calls/s', 'call p50', 'call p99', 'of alone', 'event loop p99'],
        writes.map((row) => [
          ...[row.name, round(row.writesPerSecond), row.writeLatency ? show(row.writeLatency) : '-'],
          ...[round(row.callsPerSecond), round(row.callP50), round(row.callP99)],
          ...[`${round(row.callP99 / (alone?.callP99 ?? 1))}x`, round(row.loopDelayP99)],
        ]),
      ),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {},
    budgets: [],
  };
}
