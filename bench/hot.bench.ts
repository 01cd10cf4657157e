import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawBars } from './bars.ts';
import { askChild } from './child.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invocationsPath } from './lambda-calls.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { BARE, ISOLA, isolaEnv, startServer } from './server-process.ts';
import { median, round, show } from './statistics.ts';
import { heapSubject, readSubject } from './subject.ts';
import { formatTable } from './table.ts';

const CONNECTIONS = [1, 16];
const SITES = {
  bare: 'bare node:http echo',
  reused: 'isola, state reused',
  fresh: 'isola, fresh image each time',
} as const;
type Site = keyof typeof SITES;
const NAMES = Object.keys(SITES) as Site[];

interface Row {
  readonly site: Site;
  readonly connections: number;
  readonly perSecond: number;
  readonly overBare: number;
  /** The percentiles of the rounds' medians would hide the tail: of each percentile the median over the rounds. */
  readonly latency: LoadAnswer['latency'];
}

const SCOPE = [
  'Measured: Isola and a bare node:http server in a process each, the load from a third, in turn, signatures off. All three share',
  "this machine's cores: the ratios count. Not measured: TLS, large events, slow guests.",
].join('\n  ');

/**
 * How much goes through? Isola and a bare node:http server in a process each, a load generator in a third, in turn: requests
 * a second and latency by the number of connections, with a fresh image for every call and with state reused. Signatures
 * are off. All three share this machine's cores: the ratios count. Not measured: TLS, large bodies, slow guests.
 */
export async function benchHot(options: BenchOptions): Promise<BenchResult> {
  const subject = options.function ? await readSubject(options.function, options.event) : await heapSubject(64);
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const isola = await startServer(ISOLA, isolaEnv(dataDir));
  const bare = await startServer(BARE, {});
  try {
    const client = new HttpClient(isola.url);
    await deploy(client, 'fresh', subject);
    await deploy(client, 'reused', subject, { ISOLA_ISOLATION: 'environment' });
    client.close();
    const places: Readonly<Record<Site, { url: string; path: string }>> = {
      bare: { url: bare.url, path: '/' },
      reused: { url: isola.url, path: invocationsPath('reused') },
      fresh: { url: isola.url, path: invocationsPath('fresh') },
    };
    const expected = options.function ? {} : { expected: subject.event };
    const rounds = options.short ? 3 : 9;
    const ms = options.short ? 500 : 2_000;
    const rows: Row[] = [];
    for (const connections of CONNECTIONS) {
      const answers: Record<Site, LoadAnswer[]> = { bare: [], reused: [], fresh: [] };
      for (let turn = -1; turn < rounds; turn++) {
        for (const site of NAMES) {
          const { url, path } = places[site];
          const answer = await load({ url, paths: [path], body: subject.event, connections, ms, ...expected });
          if (turn >= 0) answers[site].push(answer);
        }
      }
      rows.push(...NAMES.map((site) => toRow(site, connections, answers)));
    }
    return toResult(rows);
  } finally {
    await isola.stop();
    await bare.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function load(question: LoadQuestion): Promise<LoadAnswer> {
  return askChild(new URL('./load-generator.js', import.meta.url), question);
}

function toRow(site: Site, connections: number, answers: Readonly<Record<Site, readonly LoadAnswer[]>>): Row {
  const own = answers[site];
  const of = (member: 'p50' | 'p90' | 'p99'): number => median(own.map(({ latency }) => latency[member]));
  return {
    ...{ site, connections, perSecond: median(own.map(({ perSecond }) => perSecond)) },
    overBare: median(own.map(({ perSecond }, index) => perSecond / (answers.bare[index] as LoadAnswer).perSecond)),
    latency: {
      n: own.reduce((sum, { requests }) => sum + requests, 0),
      p50: of('p50'),
      p90: of('p90'),
      p99: of('p99'),
    },
  };
}

function toResult(rows: readonly Row[]): BenchResult {
  return {
    figures: { hot: rows },
    text: [
      'Requests over HTTP from another process, medians of rounds; latency in microseconds (p50 / p90 / p99)',
      formatTable(
        ['server', 'connections', 'requests/s', 'of bare', 'latency'],
        rows.map((row) => [
          ...[SITES[row.site], row.connections, round(row.perSecond), `${round(row.overBare)}x`, show(row.latency)],
        ]),
      ),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {
      'hot.svg': drawBars(
        'Requests a second',
        '/s',
        rows.map((row) => ({
          label: `${SITES[row.site]}, ${row.connections}`,
          parts: [{ name: 'requests', value: row.perSecond }],
        })),
      ),
    },
    budgets: [],
  };
}
