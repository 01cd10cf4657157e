import { BUDGETS } from './budgets.ts';
import { Child } from './child.ts';
import type { HttpClient } from './http-client.ts';
import { invocationsPath } from './lambda-calls.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { BATCH, createMappedQueue, sendingTo, untilEmpty } from './queue-calls.ts';
import { untilIdle } from './server-metrics.ts';
import { median, round } from './statistics.ts';
import { formatTable } from './table.ts';

const CALLERS = 16;
const SENDERS = 16;
/** How many events and messages there are for a call. */
const SHARE = 1 / 20;

/** What runs beside calls: requests, and how many events each is. */
interface Beside {
  readonly name: string;
  readonly events: number;
  readonly question: Pick<LoadQuestion, 'body' | 'headers' | 'paths' | 'status'>;
}

interface Round {
  readonly calls: number;
  readonly events: number;
  readonly ofAlone: number;
}

/** What events and messages cost the calls that somebody waits for: as many as the machine can do, alone and beside them. */
export async function measureBesideCalls(
  url: string,
  client: HttpClient,
  event: string,
  { short }: BenchOptions,
): Promise<Pick<BenchResult, 'budgets' | 'text'> & { readonly figures: unknown }> {
  await createMappedQueue(client, 'beside', 'taker');
  const besides: readonly Beside[] = [
    {
      ...{ name: 'events', events: 1 },
      question: {
        body: event,
        headers: { 'x-amz-invocation-type': 'Event' },
        status: 202,
        paths: [invocationsPath('f')],
      },
    },
    { name: 'messages', events: BATCH, question: sendingTo('beside', event) },
  ];
  const script = new URL('./load-generator.js', import.meta.url);
  const [calling, sending] = [new Child(script), new Child(script)];
  const common = { url, ms: short ? 500 : 3_000 };
  const calls = { ...common, body: event, paths: [invocationsPath('f')], connections: CALLERS };
  const rows = besides.map((beside) => ({ ...beside, rounds: [] as Round[] }));
  try {
    for (let turn = -1; turn < (short ? 3 : 9); turn++) {
      for (const { events, question, rounds } of rows) {
        const alone = await calling.ask<LoadAnswer>(calls);
        const perSecond = (alone.perSecond * SHARE) / events;
        const [called, sent] = await Promise.all([
          calling.ask<LoadAnswer>(calls),
          sending.ask<LoadAnswer>({ ...common, ...question, perSecond, connections: SENDERS }),
        ]);
        await untilIdle(url);
        await untilEmpty(client, 'beside');
        const ofAlone = called.perSecond / alone.perSecond;
        if (turn >= 0) rounds.push({ calls: called.perSecond, events: sent.perSecond * events, ofAlone });
      }
    }
  } finally {
    await calling.stop();
    await sending.stop();
  }
  return toResult(rows);
}

function toResult(
  rows: readonly (Beside & { readonly rounds: readonly Round[] })[],
): Pick<BenchResult, 'budgets' | 'text'> & { readonly figures: unknown } {
  const figures = rows.map(({ name, rounds }) => ({
    name,
    callsPerSecond: median(rounds.map(({ calls }) => calls)),
    eventsPerSecond: median(rounds.map(({ events }) => events)),
    ofAlone: median(rounds.map(({ ofAlone }) => ofAlone)),
  }));
  return {
    figures,
    text: [
      `Calls a second over ${CALLERS} connections, beside a twentieth as many events or messages; each round beside one without them`,
      formatTable(
        ['beside', 'events/s', 'calls/s', 'of alone'],
        figures.map((row) => [
          ...[row.name, round(row.eventsPerSecond), round(row.callsPerSecond), `${round(row.ofAlone)}x`],
        ]),
      ),
      '',
    ].join('\n'),
    budgets: figures.map(({ name, ofAlone }) => ({
      promise: `calls beside a twentieth as many ${name}: at least ${BUDGETS.callsBesideEvents} of those alone`,
      measured: `${round(ofAlone)}`,
      met: ofAlone >= BUDGETS.callsBesideEvents,
    })),
  };
}
