import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import { Child } from './child.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { isInstalled, requireFrom, toInstallHint } from './peers/peer.ts';
import { workerd } from './peers/workerd.ts';
import { readProcessorMs } from './resident.ts';
import { openServers, type Served, type ServedName } from './served.ts';
import { median, round, show } from './statistics.ts';
import { helloSubject, readSubject } from './subject.ts';
import { formatTable } from './table.ts';

const CONNECTIONS = [1, 16, 64];
/** Where the goals are read off: enough to keep a server at work, few enough that none only queues. */
const GOAL_CONNECTIONS = 16;

const SCOPE = [
  'Measured: a process each, loaded by one more, in turn within rounds; ratios are medians of those of the rounds (least to most).',
  'The load is this bench on raw sockets, some ten microseconds of a core a request; all share the cores. cpu: processor time of',
  'the server for each request, all its threads; the least noisy figure. Not measured: TLS, large events, slow guests.',
].join('\n  ');

/** One server under so many connections: every round's answer, in the order of the rounds. */
interface Row {
  readonly served: Served;
  readonly connections: number;
  readonly rounds: { answer: LoadAnswer; cpuUs: number }[];
}

interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * How much goes through? Requests a second, latency and processor time of the same small function in Isola, from a fresh image
 * for every call and with state reused, and in workerd, with a new instance for every call and one reused, beside a bare
 * node:http server that echoes; by the number of connections.
 */
export async function benchThroughput(options: BenchOptions): Promise<BenchResult> {
  const subject = options.function ? await readSubject(options.function, options.event) : await helloSubject();
  const resolve = requireFrom(options.modules ?? process.cwd());
  const wanted = options.function ? [] : [workerd];
  const peers = wanted.filter((peer) => isInstalled(peer, resolve));
  const scratch = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const servers = await openServers({ subject, peers, resolve, scratch, profile: options.profile });
  const load = new Child(new URL('./load-generator.js', import.meta.url));
  try {
    const measure = async (served: Served, connections: number, ms: number): Promise<Row['rounds'][number]> => {
      const { url, path, headers, expected } = served;
      const question: LoadQuestion = {
        ...{ url, paths: [path], body: subject.event, headers: await headers(), connections, ms },
        ...(expected === undefined ? {} : { expected }),
      };
      const before = readProcessorMs(served.pid);
      const answer = await load.ask<LoadAnswer>(question);
      return { answer, cpuUs: ((readProcessorMs(served.pid) - before) * 1000) / answer.requests };
    };
    const { rounds, ms } = options.short ? { rounds: 9, ms: 250 } : { rounds: 25, ms: 600 };
    for (const served of servers.served) await measure(served, GOAL_CONNECTIONS, 1_000);
    const rows = CONNECTIONS.flatMap((connections) =>
      servers.served.map((served): Row => ({ served, connections, rounds: [] })),
    );
    for (let turn = 0; turn < rounds; turn++) {
      for (const row of rows) row.rounds.push(await measure(row.served, row.connections, ms));
    }
    return toResult(
      rows,
      wanted.filter((peer) => !peers.includes(peer)),
    );
  } finally {
    await load.stop();
    await servers.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function toResult(rows: readonly Row[], absent: Parameters<typeof toInstallHint>[0]): BenchResult {
  const find = (name: ServedName, connections: number): Row | undefined =>
    rows.find((row) => row.served.name === name && row.connections === connections);
  const over = (above: ServedName, below: ServedName, connections = GOAL_CONNECTIONS): Ratio | undefined =>
    ratioOf(find(above, connections), find(below, connections));
  const ratios = {
    freshOverWorkerdFresh: over('fresh', 'workerdFresh'),
    freshOverWorkerdWarm: over('fresh', 'workerdWarm'),
  };
  const bare = find('bare', 1) as Row;
  const overheadUs = median(
    (find('fresh', 1) as Row).rounds.map(
      ({ answer }, index) => answer.latency.p50 - (bare.rounds[index] as Row['rounds'][number]).answer.latency.p50,
    ),
  );
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
      ...{ overheadUs: round(overheadUs), throughput: figures },
    },
    text: [
      'Requests over HTTP, medians of rounds; latency in microseconds (p50 / p90 / p99), processor time in microseconds a request',
      formatTable(
        ['server', 'connections', 'requests/s', 'of bare', 'isola fresh over it', 'latency', 'cpu'],
        figures.map((row, index) => [
          ...[(rows[index] as Row).served.label, row.connections, round(row.perSecond), showRatio(row.overBare)],
          ...[showRatio(row.freshOver), show(row.latency), round(row.cpuUs)],
        ]),
      ),
      ...toInstallHint(absent),
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
    budgets: toBudgets(ratios, overheadUs),
  };
}

function toBudgets(
  ratios: Readonly<Record<'freshOverWorkerdFresh' | 'freshOverWorkerdWarm', Ratio | undefined>>,
  overheadUs: number,
): BenchResult['budgets'] {
  const names = {
    freshOverWorkerdFresh: 'workerd instantiating for each',
    freshOverWorkerdWarm: 'workerd reusing its instance',
  };
  return [
    ...(['freshOverWorkerdFresh', 'freshOverWorkerdWarm'] as const).flatMap((name) => {
      const ratio = ratios[name];
      if (!ratio) return [];
      const promise = `requests/s from a fresh image at least ${BUDGETS[name]} times those of ${names[name]}`;
      return [{ promise, measured: `${showRatio(ratio)}`, met: ratio.median >= BUDGETS[name] }];
    }),
    {
      promise: `p50 at one connection at most ${BUDGETS.gatewayOverheadUs} us over a bare node:http echo's`,
      measured: `${round(overheadUs)} us`,
      met: overheadUs <= BUDGETS.gatewayOverheadUs,
    },
  ];
}

function summarize({ rounds }: Row): { perSecond: number; latency: LoadAnswer['latency']; cpuUs: number } {
  const of = (member: 'p50' | 'p90' | 'p99'): number => median(rounds.map(({ answer }) => answer.latency[member]));
  const n = rounds.reduce((sum, { answer }) => sum + answer.requests, 0);
  return {
    perSecond: median(rounds.map(({ answer }) => answer.perSecond)),
    latency: { n, p50: of('p50'), p90: of('p90'), p99: of('p99') },
    cpuUs: rounds.reduce((sum, { answer, cpuUs }) => sum + cpuUs * answer.requests, 0) / n,
  };
}

function ratioOf(above: Row | undefined, below: Row | undefined): Ratio | undefined {
  if (!above || !below) return undefined;
  const each = above.rounds.map(
    ({ answer }, index) => answer.perSecond / (below.rounds[index] as Row['rounds'][number]).answer.perSecond,
  );
  return { median: median(each), least: Math.min(...each), most: Math.max(...each) };
}

function showRatio(ratio: Ratio | undefined): string {
  return ratio ? `${round(ratio.median)}x (${round(ratio.least)} to ${round(ratio.most)})` : '';
}
