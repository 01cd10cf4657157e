import { setTimeout as delay } from 'node:timers/promises';
import { BUDGETS } from './budgets.ts';
import { Child } from './child.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invocationsPath } from './lambda-calls.ts';
import { drawLine, type Point } from './line-plot.ts';
import type { LoadAnswer } from './load-generator.ts';
import type { OpenLoadAnswer, OpenLoadQuestion } from './open-load.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { readResidentMib } from './resident.ts';
import { readLoopDelayP99, untilIdle } from './server-metrics.ts';
import type { ServerProcess } from './server-process.ts';
import { median, round, show } from './statistics.ts';
import { helloSubject } from './subject.ts';
import { formatTable } from './table.ts';

const SHARE = 0.8;
const CONNECTIONS = 64;
const PEAK_MS = 3_000;
/** A client whose connections are all at work waits: what came due last is no error because the run ends. */
const GRACE_MS = 5_000;
/** Looks at resident memory in a run. */
const LOOKS = 100;
const MINUTES = { short: 1 / 6, full: 2 };

/** Four fifths of what goes through, for some minutes: is everything answered, and does the process stay as it is? */
export async function measureSteady(
  { url, pid }: ServerProcess,
  { short, minutes = short ? MINUTES.short : MINUTES.full }: BenchOptions,
): Promise<BenchResult> {
  const subject = await helloSubject();
  const client = new HttpClient(url);
  await deploy(client, 'steady', subject);
  client.close();
  const path = invocationsPath('steady');
  const common = { url, body: subject.event, expected: subject.result as string, connections: CONNECTIONS };
  const load = new Child(new URL('./open-load.js', import.meta.url));
  try {
    const peak = await findPeak({ ...common, paths: [path], ms: PEAK_MS });
    await untilIdle(url);
    const points: Point[] = [];
    const began = performance.now();
    const question: OpenLoadQuestion = {
      ...common,
      path,
      perSecond: SHARE * peak,
      ms: minutes * 60_000,
      graceMs: GRACE_MS,
    };
    await readLoopDelayP99(url);
    const running = load.ask<OpenLoadAnswer>(question);
    for (let look = 0; look < LOOKS; look++) {
      await delay(began + ((look + 1) * question.ms) / LOOKS - performance.now());
      points.push({ x: (performance.now() - began) / 60_000, y: readResidentMib(pid) });
    }
    const answer = await running;
    return toResult({ peak, minutes, answer, points, loopDelayUs: await readLoopDelayP99(url) });
  } finally {
    await load.stop();
  }
}

/** The median of three, the first of which also warms the server up. */
async function findPeak(question: object): Promise<number> {
  const load = new Child(new URL('./load-generator.js', import.meta.url));
  try {
    const peaks: number[] = [];
    for (let turn = 0; turn < 3; turn++) peaks.push((await load.ask<LoadAnswer>(question)).perSecond);
    return median(peaks);
  } finally {
    await load.stop();
  }
}

interface Steady {
  readonly peak: number;
  readonly minutes: number;
  readonly answer: OpenLoadAnswer;
  readonly points: readonly Point[];
  readonly loopDelayUs: number;
}

function toResult({ peak, minutes, answer, points, loopDelayUs }: Steady): BenchResult {
  const part = (from: number, to: number): number =>
    median(points.slice(points.length * from, points.length * to).map(({ y }) => y));
  const [early, late] = [part(0.2, 0.4), part(0.8, 1)];
  const errors = answer.wrong + answer.refused + answer.unsent;
  return {
    figures: {
      steady: {
        ...{ peak, minutes, asked: answer.due, errors, latency: answer.latency },
        ...{ wrong: answer.wrong, wrongOne: answer.wrongOne, refused: answer.refused, unsent: answer.unsent },
        ...{
          loopDelayP99Us: loopDelayUs,
          residentMib: { early, late },
          growth: round(late / early),
          late: answer.late,
          points,
        },
      },
    },
    text: [
      `${round(SHARE * 100)}% of ${round(peak)} requests/s for ${round(minutes)} minutes; latency in microseconds (p50 / p90 / p99)`,
      formatTable(
        [
          'requests',
          'wrong',
          'refused',
          'unsent',
          'latency',
          'the load late, p99',
          'event loop late, p99',
          'MiB early',
          'MiB late',
        ],
        [
          [
            ...[answer.due, answer.wrong, answer.refused, answer.unsent, show(answer.latency)],
            ...[round(answer.late.p99), round(loopDelayUs), round(early), round(late)],
          ],
        ],
      ),
      ...(answer.wrongOne ? [`One that was wrong: ${answer.wrongOne}`] : []),
      '',
    ].join('\n'),
    pictures: {
      'steady.svg': drawLine(
        `Resident memory at ${round(SHARE * 100)}% of capacity, ${answer.due.toLocaleString('en')} requests`,
        { name: 'time', unit: 'minutes' },
        { name: 'resident', unit: 'MiB' },
        points,
      ),
    },
    budgets: [
      { promise: 'no errors at 80% of capacity', measured: `${errors} of ${answer.due}`, met: errors === 0 },
      {
        promise: `the event loop late by ${BUDGETS.loopDelayP99Us} us at most at p99`,
        measured: `${round(loopDelayUs)} us`,
        met: loopDelayUs < BUDGETS.loopDelayP99Us,
      },
      {
        promise: `resident memory late at most ${BUDGETS.soakGrowth} times what it was early`,
        measured: `${round(late / early)} times`,
        met: late / early <= BUDGETS.soakGrowth,
      },
    ],
  };
}
