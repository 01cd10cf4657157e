import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { openIsola } from './peers/isola.ts';
import { isInstalled, requireFrom, toInstallHint } from './peers/peer.ts';
import { workerd } from './peers/workerd.ts';
import { formatProfiles } from './processor-profile.ts';
import { readMainThreadMs, readProcessorMs } from './resident.ts';
import { openServers, type Served } from './served.ts';
import { helloSubject, readSubject, type Subject } from './subject.ts';
import { GOAL_CONNECTIONS, type Round, type Row, toThroughputResult } from './throughput-report.ts';

const CONNECTIONS = [1, GOAL_CONNECTIONS, 64];
const WARM_UP_MS = 1_000;
const PROFILE_MS = 5_000;

/**
 * How much goes through? Requests a second, latency and processor time of the same small function in Isola, from a fresh image
 * for every call and with state reused, and in workerd, with a new instance for every call and one reused, beside a bare
 * node:http server that echoes; by the number of connections. When a goal is missed, a profile under the same load follows.
 */
export async function benchThroughput(options: BenchOptions): Promise<BenchResult> {
  const subject = options.function ? await readSubject(options.function, options.event) : await helloSubject();
  const resolve = requireFrom(options.modules ?? process.cwd());
  const cannot = workerd.cannotServe?.(subject.module);
  const isThere = cannot === undefined && isInstalled(workerd, resolve);
  const scratch = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const load = new Child(new URL('./load-generator.js', import.meta.url));
  try {
    const peers = isThere ? [workerd] : [];
    const rows = await measureRows({ subject, peers, resolve, scratch, profile: options.profile }, load, options);
    const hints = cannot === undefined ? toInstallHint(isThere ? [] : [workerd]) : ['', `Not workerd: ${cannot}.`];
    const result = toThroughputResult(subject.name, rows, hints);
    const isMissed = result.budgets.some(({ met }) => !met);
    if (!isMissed || options.profile !== undefined) return result;
    return { ...result, text: `${result.text}\n${await profileUnderLoad(subject, scratch, load)}` };
  } finally {
    await load.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measureRows(
  given: Parameters<typeof openServers>[0],
  load: Child,
  { short }: BenchOptions,
): Promise<readonly Row[]> {
  const servers = await openServers(given);
  try {
    const measure = (served: Served, connections: number, ms: number): Promise<Round> =>
      measureRound(load, served, { body: given.subject.event, connections, ms });
    for (const served of servers.served) await measure(served, GOAL_CONNECTIONS, WARM_UP_MS);
    const rows = CONNECTIONS.flatMap((connections) =>
      servers.served.map((served) => ({ served, connections, rounds: [] as Round[] })),
    );
    const { rounds, ms } = short ? { rounds: 9, ms: 250 } : { rounds: 25, ms: 600 };
    for (let turn = 0; turn < rounds; turn++) {
      for (const row of rows) row.rounds.push(await measure(row.served, row.connections, ms));
    }
    return rows;
  } finally {
    await servers.close();
  }
}

async function measureRound(
  load: Child,
  { url, path, pids, headers, expected }: Served,
  how: Pick<LoadQuestion, 'body' | 'connections'> & { readonly ms: number },
): Promise<Round> {
  const question: LoadQuestion = { ...how, url, paths: [path], headers: await headers(), expected };
  const look = (read: (pid: number) => number): number => pids.reduce((sum, pid) => sum + read(pid), 0);
  const before = { all: look(readProcessorMs), main: look(readMainThreadMs) };
  const answer = await load.ask<LoadAnswer>(question);
  return {
    answer,
    cpuMs: look(readProcessorMs) - before.all,
    mainCpuMs: look(readMainThreadMs) - before.main,
  };
}

async function profileUnderLoad(subject: Subject, scratch: string, load: Child): Promise<string> {
  const profile = join(scratch, 'profile');
  const isola = await openIsola(subject, join(scratch, 'profiled'), { profile });
  try {
    const question: LoadQuestion = {
      ...{ url: isola.url, paths: [isola.fresh as string], body: subject.event },
      ...{ connections: GOAL_CONNECTIONS, ms: PROFILE_MS },
    };
    await load.ask<LoadAnswer>(question);
  } finally {
    await isola.close();
  }
  return `Where the microseconds go, of a fresh image each time, ${GOAL_CONNECTIONS} connections:\n\n${formatProfiles(profile)}`;
}
