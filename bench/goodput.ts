import { drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import { burnSubject } from './burn-subject.ts';
import { Child } from './child.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invocationsPath } from './lambda-calls.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import type { OpenLoadAnswer, OpenLoadQuestion } from './open-load.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { untilIdle } from './server-metrics.ts';
import { median, round, show } from './statistics.ts';
import { helloSubject } from './subject.ts';
import { formatTable } from './table.ts';

const TIMES = 10;
/** Enough to keep every thread at work. */
const PEAK_CONNECTIONS = 32;
/** More than an account's concurrency and a function's queue, so that what is too much arrives. */
const CONNECTIONS = 1_500;
/** What was too much must have filled the queue before it counts. */
const SETTLE_MS = 1_000;

interface Round {
  readonly peak: LoadAnswer;
  readonly over: OpenLoadAnswer;
}

interface Row {
  readonly name: string;
  readonly rounds: Round[];
}

/** Answers a second at capacity, and of the same function when ten times as many are asked for, in turn. */
export async function measureGoodput(url: string, { short }: BenchOptions): Promise<BenchResult> {
  const subjects = [await burnSubject(1), await burnSubject(5), await helloSubject()];
  const client = new HttpClient(url);
  for (const subject of subjects) await deploy(client, toName(subject.name), subject);
  client.close();
  const peakLoad = new Child(new URL('./load-generator.js', import.meta.url));
  const overLoad = new Child(new URL('./open-load.js', import.meta.url));
  try {
    const rows: Row[] = subjects.map(({ name }) => ({ name, rounds: [] }));
    for (let turn = -1; turn < (short ? 2 : 5); turn++) {
      for (const [index, subject] of subjects.entries()) {
        const path = invocationsPath(toName(subject.name));
        const common = { url, body: subject.event, expected: subject.result as string };
        const peak = await peakLoad.ask<LoadAnswer>({
          ...{ ...common, paths: [path], connections: PEAK_CONNECTIONS, ms: short ? 1_000 : 3_000 },
        } satisfies LoadQuestion);
        if (turn < 0) continue;
        const over = await overLoad.ask<OpenLoadAnswer>({
          ...{ ...common, path, perSecond: TIMES * peak.perSecond, connections: CONNECTIONS },
          ...{ ms: SETTLE_MS + (short ? 2_000 : 5_000), settleMs: SETTLE_MS },
        } satisfies OpenLoadQuestion);
        await untilIdle(url);
        rows[index]?.rounds.push({ peak, over });
      }
    }
    return toResult(rows);
  } finally {
    await peakLoad.stop();
    await overLoad.stop();
  }
}

function toResult(rows: readonly Row[]): BenchResult {
  const goodput = rows.map(({ name, rounds }) => {
    const of = (figure: (round: Round) => number): number => median(rounds.map(figure));
    const shares = rounds.map(({ peak, over }) => over.perSecond / peak.perSecond);
    return {
      ...{ name, peak: of(({ peak }) => peak.perSecond), goodput: of(({ over }) => over.perSecond) },
      ...{ share: median(shares), leastShare: Math.min(...shares), mostShare: Math.max(...shares) },
      latencyP50: of(({ over }) => over.latency.p50),
      refusedPerAnswer: of(({ over }) => over.refused / over.succeeded),
      refusalLatency: {
        n: rounds.reduce((sum, { over }) => sum + over.refused, 0),
        p50: of(({ over }) => over.refusalLatency.p50),
        p90: of(({ over }) => over.refusalLatency.p90),
        p99: of(({ over }) => over.refusalLatency.p99),
      },
      /** Of one core, while ten times as much is asked for. */
      loadCores: of(({ over }) => over.ownCores),
      unsentShare: of(({ over }) => over.unsent / over.due),
      wrong: rounds.reduce((sum, { over }) => sum + over.wrong, 0),
      wrongOne: rounds.map(({ over }) => over.wrongOne).find((one) => one),
    };
  });
  return {
    figures: { goodput },
    text: [
      `${TIMES} times as many requests as capacity, on at most ${CONNECTIONS} connections, medians of rounds; latency in microseconds. Unsent: no connection was free`,
      formatTable(
        [
          'function',
          'answers/s',
          `at ${TIMES} times`,
          'share',
          'refused per answer',
          'refusal latency',
          'unsent',
          'wrong',
        ],
        goodput.map((row) => [
          ...[row.name, round(row.peak), round(row.goodput)],
          `${round(row.share)} (${round(row.leastShare)} to ${round(row.mostShare)})`,
          ...[
            round(row.refusedPerAnswer),
            show(row.refusalLatency),
            `${round(row.unsentShare * 100)}%`,
            row.wrong,
            round(row.loadCores),
          ],
        ]),
      ),
      ...goodput.flatMap(({ name, wrongOne }) => (wrongOne ? [`One of ${name} that was wrong: ${wrongOne}`] : [])),
      '',
    ].join('\n'),
    pictures: {
      'goodput.svg': drawBars(
        'Answers a second',
        '/s',
        goodput.flatMap((row) => [
          { label: `${row.name}, at capacity`, parts: [{ name: 'at capacity', value: row.peak }] },
          { label: `${row.name}, asked ${TIMES} times that`, parts: [{ name: 'overloaded', value: row.goodput }] },
        ]),
      ),
    },
    budgets: goodput.flatMap(({ name, share, refusalLatency, wrong }) => [
      {
        promise: `${name}: answers a second at ${TIMES} times capacity at least ${BUDGETS.goodputShare} of those at capacity`,
        measured: `${round(share)}`,
        met: share >= BUDGETS.goodputShare,
      },
      {
        promise: `${name}: refusals are whole, and at p99 after ${BUDGETS.refusalP99Us} us at most`,
        measured: `${refusalLatency.n === 0 ? 'none was refused' : `${round(refusalLatency.p99)} us`}, ${wrong} wrong`,
        met: !(refusalLatency.p99 > BUDGETS.refusalP99Us) && wrong === 0,
      },
    ]),
  };
}

function toName(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/g, '-');
}
