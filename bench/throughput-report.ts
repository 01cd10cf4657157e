import { drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import type { LoadAnswer } from './load-generator.ts';
import type { BenchResult } from './options.ts';
import type { Served, ServedName } from './served.ts';
import { median, round, show } from './statistics.ts';
import { formatTable } from './table.ts';

/** Where the goals are read off: enough to keep a server at work, few enough that none only queues. */
export const GOAL_CONNECTIONS = 16;

const SCOPE = [
  'Measured: a process each, loaded by one more, in turn within rounds; ratios are medians of those of the rounds (least to most).',
  'The load is this bench on raw sockets, some ten microseconds of a core a request; all share the cores. Processor time is that of',
  'the server, all its threads, and of those the main thread; the least noisy figure. Not measured: TLS, large events, slow guests.',
].join('\n  ');

/** One server under so many connections: every round, in their order. */
export interface Row {
  readonly served: Served;
  readonly connections: number;
  readonly rounds: readonly Round[];
}

export interface Round {
  readonly answer: LoadAnswer;
  /** Processor time of all the server's threads meanwhile, and of its main thread. */
  readonly cpuMs: number;
  readonly mainCpuMs: number;
}

interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function toThroughputResult(subject: string, rows: readonly Row[], hints: readonly string[]): BenchResult {
  const find = (name: ServedName, connections = GOAL_CONNECTIONS): Row | undefined =>
    rows.find((row) => row.served.name === name && row.connections === connections);
  const ratios = {
    freshOverWorkerdFresh: ratioOf(find('fresh'), find('workerdFresh')),
    freshOverWorkerdWarm: ratioOf(find('fresh'), find('workerdWarm')),
  };
  const p50s = (name: ServedName): readonly number[] =>
    (find(name, 1)?.rounds ?? []).map(({ answer }) => answer.latency.p50);
  const bare = p50s('bare');
  const overheadUs = median(p50s('fresh').map((p50, index) => p50 - (bare[index] as number)));
  const figures = rows.map((row) => ({
    ...{ server: row.served.name, connections: row.connections },
    ...summarize(row),
    overBare: ratioOf(row, find('bare', row.connections)),
    freshOver: ratioOf(find('fresh', row.connections), row),
  }));
  return {
    figures: {
      ratios: Object.fromEntries(
        Object.entries(ratios).map(([name, ratio]) => [name, ratio ? round(ratio.median) : null]),
      ),
      ...{ subject, overheadUs: round(overheadUs), throughput: figures },
    },
    text: [
      `${subject} over HTTP, medians of rounds; latency in microseconds (p50 / p90 / p99), processor time in microseconds a request`,
      formatTable(
        [
          'server',
          'connections',
          'requests/s',
          'of bare',
          'isola fresh over it',
          'latency',
          'processor',
          'main thread',
        ],
        figures.map((row, index) => [
          ...[(rows[index] as Row).served.label, row.connections, round(row.perSecond), showRatio(row.overBare)],
          ...[showRatio(row.freshOver), show(row.latency), round(row.cpuUs), round(row.mainCpuUs)],
        ]),
      ),
      ...hints,
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {
      'throughput.svg': drawBars(
        `Requests a second, ${GOAL_CONNECTIONS} connections`,
        '/s',
        rows.flatMap((row) =>
          row.connections === GOAL_CONNECTIONS
            ? [{ label: row.served.label, parts: [{ name: 'requests', value: summarize(row).perSecond }] }]
            : [],
        ),
      ),
    },
    budgets: [
      ...toBudget('freshOverWorkerdFresh', 'workerd instantiating for each', ratios.freshOverWorkerdFresh),
      ...toBudget('freshOverWorkerdWarm', 'workerd reusing its instance', ratios.freshOverWorkerdWarm),
      {
        promise: `p50 at one connection at most ${BUDGETS.gatewayOverheadUs} us over a bare node:http echo's`,
        measured: `${round(overheadUs)} us`,
        met: overheadUs <= BUDGETS.gatewayOverheadUs,
      },
    ],
  };
}

function toBudget(
  budget: 'freshOverWorkerdFresh' | 'freshOverWorkerdWarm',
  whose: string,
  ratio: Ratio | undefined,
): BenchResult['budgets'] {
  if (!ratio) return [];
  const promise = `requests/s from a fresh image at least ${BUDGETS[budget]} times those of ${whose}`;
  return [{ promise, measured: showRatio(ratio), met: ratio.median >= BUDGETS[budget] }];
}

function summarize({ rounds }: Row): {
  perSecond: number;
  latency: LoadAnswer['latency'];
  cpuUs: number;
  mainCpuUs: number;
} {
  const of = (member: 'p50' | 'p90' | 'p99'): number => median(rounds.map(({ answer }) => answer.latency[member]));
  const sum = (figure: (round: Round) => number): number => rounds.reduce((all, each) => all + figure(each), 0);
  const n = sum(({ answer }) => answer.requests);
  return {
    perSecond: median(rounds.map(({ answer }) => answer.perSecond)),
    latency: { n, p50: of('p50'), p90: of('p90'), p99: of('p99') },
    cpuUs: (sum(({ cpuMs }) => cpuMs) * 1000) / n,
    mainCpuUs: (sum(({ mainCpuMs }) => mainCpuMs) * 1000) / n,
  };
}

function ratioOf(above: Row | undefined, below: Row | undefined): Ratio | undefined {
  if (!above || !below) return undefined;
  const each = above.rounds.map(
    ({ answer }, index) => answer.perSecond / (below.rounds[index] as Round).answer.perSecond,
  );
  return { median: median(each), least: Math.min(...each), most: Math.max(...each) };
}

function showRatio(ratio: Ratio | undefined): string {
  return ratio ? `${round(ratio.median)}x (${round(ratio.least)} to ${round(ratio.most)})` : '';
}
