import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUDGETS } from './budgets.ts';
import { toDistinctModule } from './guests.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invoke, timed } from './lambda-calls.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { ISOLA, isolaEnv, type ServerProcess, startServer } from './server-process.ts';
import { median, type Percentiles, percentiles, round, show } from './statistics.ts';
import { heapSubject, type Subject } from './subject.ts';
import { formatTable } from './table.ts';

const FUNCTIONS = { short: 500, full: 10_000 };
/** Functions that take turns where many are called. */
const SPREAD = 100;
/** Deployments at a time. */
const DEPLOYING = 8;
const BLOCK = 100;
const WARM_BLOCKS = 4;

interface Site {
  readonly server: ServerProcess;
  readonly client: HttpClient;
}

const SCOPE = [
  'Measured: one caller, servers in processes of their own, in turn. Not measured: concurrent callers (`hot`).',
].join('\n  ');

/**
 * Does it matter how many functions are deployed? Two servers with one function and one with thousands, each a process of its
 * own, called in turn in blocks on one connection each. The second server with one function says what noise is. Then calls
 * that go round a hundred of the functions. Not measured: concurrent callers.
 */
export async function benchMany({ short }: BenchOptions): Promise<BenchResult> {
  const functions = short ? FUNCTIONS.short : FUNCTIONS.full;
  const subject = await heapSubject(64);
  const directory = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const sites: Site[] = [];
  try {
    for (const name of ['one', 'again', 'many']) sites.push(await openSite(join(directory, name)));
    const [one, again, many] = sites as [Site, Site, Site];
    await deploy(one.client, 'f-0', subject);
    await deploy(again.client, 'f-0', subject);
    const deployMs = await deployAll(many, subject, functions);
    const blocks = short ? 20 : 100;
    const series = await callInTurn([one, again, many], blocks, () => 'f-0', subject.event);
    const spread = await callInTurn([many], blocks, (call) => `f-${call % SPREAD}`, subject.event);
    const [first = [], second = [], third = []] = series;
    const over = (blocks: Blocks): number =>
      median(blocks.map((block, index) => median(block) / median(first[index] as readonly number[])));
    return toResult(functions, deployMs / functions, {
      series: {
        ...{ one: percentiles(first.flat()), again: percentiles(second.flat()), many: percentiles(third.flat()) },
        spread: percentiles((spread[0] ?? []).flat()),
      },
      ...{ again: over(second), many: over(third) },
    });
  } finally {
    for (const { server, client } of sites) {
      client.close();
      await server.stop();
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Microseconds, by block. */
type Blocks = readonly (readonly number[])[];
type Series = Readonly<Record<'one' | 'again' | 'many' | 'spread', Percentiles>>;

interface Measured {
  readonly series: Series;
  /** Medians of the ratios, block by block, over the server with one function. */
  readonly again: number;
  readonly many: number;
}

function toResult(functions: number, deployMs: number, { series, again, many: ratio }: Measured): BenchResult {
  const noise = Math.max(again, 1 / again);
  const limit = BUDGETS.manyRatio * noise;
  const count = functions.toLocaleString('en');
  return {
    figures: { functions, deployMs: round(deployMs), invokeUs: series, manyRatio: round(ratio), noise: round(noise) },
    text: [
      'Invocations over HTTP on one connection, microseconds (p50 / p90 / p99)',
      formatTable(
        ['server', 'invocation', 'over one, median of blocks'],
        [
          ['one function', show(series.one), '1x'],
          ['one function, once more', show(series.again), `${round(again)}x`],
          [`${count} functions, one called`, show(series.many), `${round(ratio)}x`],
          [`${count} functions, ${SPREAD} called in turn`, show(series.spread), ''],
        ],
      ),
      '',
      `Deploying took ${round(deployMs)} ms for each, ${DEPLOYING} at a time.`,
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {},
    budgets: [
      {
        promise: `with ${count} functions deployed, invocation p50 as with one, within noise (${round(limit)} times)`,
        measured: `${round(ratio)} times`,
        met: ratio <= limit,
      },
    ],
  };
}

async function openSite(dataDir: string): Promise<Site> {
  const server = await startServer(ISOLA, isolaEnv(dataDir));
  return { server, client: new HttpClient(server.url) };
}

async function deployAll({ server }: Site, subject: Subject, functions: number): Promise<number> {
  const began = performance.now();
  let next = 0;
  const clients = Array.from({ length: DEPLOYING }, () => new HttpClient(server.url));
  await Promise.all(
    clients.map(async (one) => {
      for (let index = next++; index < functions; index = next++) {
        await deploy(one, `f-${index}`, { ...subject, module: toDistinctModule(subject.module, index) });
      }
    }),
  );
  for (const one of clients) one.close();
  return performance.now() - began;
}

/** Blocks of calls, site after site, every other time the other way round; the first blocks of each only warm up. */
async function callInTurn(
  sites: readonly Site[],
  blocks: number,
  nameOf: (call: number) => string,
  event: string,
): Promise<number[][][]> {
  const series = sites.map((): number[][] => []);
  const order = [...sites.keys()];
  for (let block = -WARM_BLOCKS; block < blocks; block++) {
    for (const index of order) {
      const samples: number[] = [];
      const { client } = sites[index] as Site;
      for (let call = 0; call < BLOCK; call++) samples.push(await timed(() => invoke(client, nameOf(call), event)));
      if (block >= 0) series[index]?.push(samples);
    }
    order.reverse();
  }
  return series;
}
