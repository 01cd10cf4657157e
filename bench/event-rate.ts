import { askChild } from './child.ts';
import { invocationsPath } from './lambda-calls.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { BenchOptions } from './options.ts';
import { readProcessorUs, untilIdle } from './server-metrics.ts';
import { median, round, show } from './statistics.ts';
import { formatTable } from './table.ts';

const CONNECTIONS = [1, 16, 64];

/** One round: calls that wait, and then events for later. */
interface Round {
  readonly calls: LoadAnswer;
  readonly events: LoadAnswer;
  /** Events that ran a second, in all. */
  readonly ranPerSecond: number;
  /** The server's processor time for a call, and for an event until it has run, in microseconds. */
  readonly callCpuUs: number;
  readonly eventCpuUs: number;
}

/** Events for later that are accepted, and run, a second; by the number of connections. */
export async function measureEventRate(
  url: string,
  event: string,
  { short }: BenchOptions,
): Promise<{ readonly figures: unknown; readonly text: string }> {
  const question = { url, paths: [invocationsPath('f')], body: event, ms: short ? 500 : 2_000 };
  const rows: { connections: number; rounds: Round[] }[] = [];
  for (const connections of CONNECTIONS) {
    const rounds: Round[] = [];
    for (let turn = -1; turn < (short ? 3 : 9); turn++) {
      const one = await measure({ ...question, connections });
      if (turn >= 0) rounds.push(one);
    }
    rows.push({ connections, rounds });
  }
  return toFigures(rows);
}

async function measure(question: LoadQuestion): Promise<Round> {
  const cpuBefore = await readProcessorUs(question.url);
  const calls = await load(question);
  const cpuBetween = await readProcessorUs(question.url);
  const began = performance.now();
  const events = await load({ ...question, headers: { 'x-amz-invocation-type': 'Event' }, status: 202 });
  await untilIdle(question.url);
  const seconds = (performance.now() - began) / 1000;
  const cpuAfter = await readProcessorUs(question.url);
  return {
    ...{ calls, events, ranPerSecond: events.requests / seconds },
    callCpuUs: (cpuBetween - cpuBefore) / calls.requests,
    eventCpuUs: (cpuAfter - cpuBetween) / events.requests,
  };
}

function load(question: LoadQuestion): Promise<LoadAnswer> {
  return askChild(new URL('./load-generator.js', import.meta.url), question);
}

function toFigures(rows: readonly { readonly connections: number; readonly rounds: readonly Round[] }[]): {
  readonly figures: unknown;
  readonly text: string;
} {
  const events = rows.map(({ connections, rounds }) => ({
    connections,
    calls: median(rounds.map(({ calls }) => calls.perSecond)),
    accepted: median(rounds.map((each) => each.events.perSecond)),
    ran: median(rounds.map(({ ranPerSecond }) => ranPerSecond)),
    acceptedOverCalls: median(rounds.map((each) => each.events.perSecond / each.calls.perSecond)),
    callCpuUs: median(rounds.map(({ callCpuUs }) => callCpuUs)),
    eventCpuUs: median(rounds.map(({ eventCpuUs }) => eventCpuUs)),
    latency: (rounds.at(-1) as Round).events.latency,
  }));
  return {
    figures: events,
    text: [
      'Events for later: requests a second from another process, medians of rounds; latency of accepting (p50 / p90 / p99), and processor',
      'time of the server for a call and for an event until it has run, in microseconds',
      formatTable(
        ['connections', 'calls/s', 'accepted/s', 'of calls', 'run/s', 'latency', 'CPU, call', 'CPU, event'],
        events.map((row) => [
          ...[row.connections, round(row.calls), round(row.accepted), `${round(row.acceptedOverCalls)}x`],
          ...[round(row.ran), show(row.latency), round(row.callCpuUs), round(row.eventCpuUs)],
        ]),
      ),
      '',
    ].join('\n'),
  };
}
