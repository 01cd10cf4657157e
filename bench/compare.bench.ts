import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawBars } from './bars.ts';
import { HttpClient } from './http-client.ts';
import { timed } from './lambda-calls.ts';
import { BenchFailed, type BenchOptions, type BenchResult } from './options.ts';
import { openIsola } from './peers/isola.ts';
import { extism, fun } from './peers/libraries.ts';
import { isInstalled, type Peer, requireFrom, type Site, toInstallHint } from './peers/peer.ts';
import { workerd } from './peers/workerd.ts';
import { type Percentiles, percentiles, round, show } from './statistics.ts';
import { heapSubject } from './subject.ts';
import { formatTable } from './table.ts';

const PEERS: readonly Peer[] = [workerd, extism, fun];
const MODES = ['cold', 'fresh', 'warm'] as const;
type Mode = (typeof MODES)[number];
const BLOCK = 10;
type Calls = Readonly<Partial<Record<Mode, () => Promise<unknown>>>>;
/** Percentiles by mode, microseconds. */
type Measured = Readonly<Record<Mode, Percentiles | undefined>>;

const SCOPE = [
  'Measured: the same module and event, one POST at a time to a process of each runtime, in turn in blocks. Not measured: many',
  'callers, large events, and limits, which only Isola sets.',
].join('\n  ');

/**
 * How do others do? The same module and the same event, one POST at a time to a process of each runtime, in turn in one run;
 * those that have no server stand behind node:http. Each does what it does: the notes under the table say how that differs.
 * Not measured: many callers, large events, and limits, which only Isola sets.
 */
export async function benchCompare({ short, heaps, peers, modules }: BenchOptions): Promise<BenchResult> {
  const resolve = requireFrom(modules ?? process.cwd());
  const wanted = choosePeers(peers);
  const installed = wanted.filter((peer) => isInstalled(peer, resolve));
  const absent = wanted.filter((peer) => !installed.includes(peer));
  const subject = await heapSubject((heaps?.[0] ?? 1 / 16) * 1024);
  const rounds = short ? { cold: 5, hot: 20 } : { cold: 25, hot: 200 };
  const scratch = mkdtempSync(join(tmpdir(), 'isola-compare-'));
  const sites: Site[] = [];
  const clients: HttpClient[] = [];
  try {
    sites.push(await openIsola(subject, scratch, { coldCalls: rounds.cold + 1 }));
    for (const peer of installed) sites.push(await peer.open(subject, resolve, scratch));
    clients.push(...sites.map(({ url }) => new HttpClient(url)));
    const calls = sites.map((site, index) => toCalls(site, clients[index] as HttpClient, subject.event));
    const cold = await inTurn(calls, ['cold'], { rounds: rounds.cold, warmup: 1, block: 1 });
    const hot = await inTurn(calls, ['fresh', 'warm'], { rounds: rounds.hot, warmup: rounds.hot / 5, block: BLOCK });
    const rows = sites.map((site, index) => ({ site, measured: { ...hot[index], ...cold[index] } as Measured }));
    return toResult(subject.name, rows, absent);
  } finally {
    for (const client of clients) client.close();
    for (const site of sites) await site.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function toCalls({ cold, fresh, warm }: Site, client: HttpClient, event: string): Calls {
  return {
    ...(cold ? { cold } : {}),
    ...(fresh === undefined ? {} : { fresh: () => client.post(fresh, event) }),
    warm: () => client.post(warm, event),
  };
}

function choosePeers(names: readonly string[] | undefined): readonly Peer[] {
  if (!names) return PEERS;
  return names.map((name) => {
    const peer = PEERS.find((candidate) => candidate.name === name);
    if (!peer) throw new BenchFailed(`There is no peer ${name}. Peers: ${PEERS.map((one) => one.name).join(', ')}.`);
    return peer;
  });
}

/** Every site and mode in each round, each with a block of calls; a longer one's first only wakes the process up. */
async function inTurn(
  sites: readonly Calls[],
  modes: readonly Mode[],
  { rounds, warmup, block }: { readonly rounds: number; readonly warmup: number; readonly block: number },
): Promise<Partial<Measured>[]> {
  const samples = sites.map((): Record<Mode, number[]> => ({ cold: [], fresh: [], warm: [] }));
  for (let turn = -warmup; turn < rounds; turn++) {
    for (const [index, site] of sites.entries()) {
      for (const mode of modes) {
        for (let call = block > 1 ? -1 : 0; site[mode] && call < block; call++) {
          const took = await timed(() => (site[mode] as () => Promise<unknown>)());
          if (turn >= 0 && call >= 0) samples[index]?.[mode].push(took);
        }
      }
    }
  }
  return samples.map((series) =>
    Object.fromEntries(modes.flatMap((mode) => (series[mode].length > 0 ? [[mode, percentiles(series[mode])]] : []))),
  );
}

function toResult(
  what: string,
  rows: readonly { readonly site: Site; readonly measured: Measured }[],
  absent: readonly Peer[],
): BenchResult {
  const own = rows[0]?.measured as Measured;
  const cell = (measured: Measured, mode: Mode): string[] => {
    const took = measured[mode];
    return took ? [show(took), `${round(took.p50 / (own[mode] as Percentiles).p50)}x`] : ['none', ''];
  };
  return {
    figures: { subject: what, peers: Object.fromEntries(rows.map(({ site, measured }) => [site.name, measured])) },
    text: [
      `A small function with a ${what}, one POST at a time, microseconds (p50 / p90 / p99), and p50 over Isola's`,
      formatTable(
        ['runtime', ...MODES.flatMap((mode) => [mode, ''])],
        rows.map(({ site, measured }) => [site.name, ...MODES.flatMap((mode) => cell(measured, mode))]),
      ),
      '',
      ...rows.map(({ site }) => `${site.name}: ${site.differs}.`),
      ...toInstallHint(absent),
      '',
    ].join('\n'),
    scope: SCOPE,
    pictures: {
      'compare.svg': drawBars(
        'One request, p50, state of the call before gone or kept',
        'µs',
        rows.flatMap(({ site, measured }) =>
          (['fresh', 'warm'] as const).flatMap((mode) =>
            measured[mode]
              ? [{ label: `${site.name}, ${mode}`, parts: [{ name: mode, value: measured[mode].p50 }] }]
              : [],
          ),
        ),
      ),
    },
    budgets: [],
  };
}
