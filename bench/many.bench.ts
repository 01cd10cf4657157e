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

interface Site {
  readonly server: ServerProcess;
  readonly client: HttpClient;
}

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
    const [first, second, third] = series as [number[], number[], number[]];
    return toResult(functions, deployMs / functions, {
      ...{ one: percentiles(first), again: percentiles(second), many: percentiles(third) },
      spread: percentiles(spread[0] as number[]),
    });
  } finally {
    for (const { server, client } of sites) {
      client.close();
      await server.stop();
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

type Series = Readonly<Record<'one' | 'again' | 'many' | 'spread', Percentiles>>;

function toResult(functions: number, deployMs: number, series: Series): BenchResult {
  const noise = Math.max(series.again.p50 / series.one.p50, series.one.p50 / series.again.p50);
  const ratio = series.many.p50 / median([series.one.p50, series.again.p50]);
  const limit = BUDGETS.manyRatio * noise;
  const count = functions.toLocaleString('en');
  return {
    figures: { functions, deployMs: round(deployMs), invokeUs: series, manyRatio: round(ratio), noise: round(noise) },
    text: [
      'Invocations over HTTP on one connection, microseconds (p50 / p90 / p99)',
      formatTable(
        ['server', 'invocation'],
        [
          ['one function', show(series.one)],
          ['one function, once more', show(series.again)],
          [`${count} functions, one called`, show(series.many)],
          [`${count} functions, ${SPREAD} called in turn`, show(series.spread)],
        ],
      ),
      '',
      `Deploying took ${round(deployMs)} ms for each, ${DEPLOYING} at a time.`,
      '',
    ].join('\n'),
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

/** Blocks of calls, one site after the other; the first block of each only warms up. */
async function callInTurn(
  sites: readonly Site[],
  blocks: number,
  nameOf: (call: number) => string,
  event: string,
): Promise<number[][]> {
  const series = sites.map((): number[] => []);
  for (let block = -3; block < blocks; block++) {
    for (const [index, { client }] of sites.entries()) {
      for (let call = 0; call < BLOCK; call++) {
        const took = await timed(() => invoke(client, nameOf(call), event));
        if (block >= 0) (series[index] as number[]).push(took);
      }
    }
  }
  return series;
}
