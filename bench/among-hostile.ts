import { drawBars } from './bars.ts';
import { BUDGETS } from './budgets.ts';
import { Child } from './child.ts';
import { compileGuest } from './guests.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invocationsPath } from './lambda-calls.ts';
import type { LoadQuestion } from './load-generator.ts';
import type { OpenLoadAnswer, OpenLoadQuestion } from './open-load.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { untilIdle } from './server-metrics.ts';
import { median, round, show } from './statistics.ts';
import { helloSubject } from './subject.ts';
import { formatTable } from './table.ts';

/** The handlers of guests/hostile.wat: eight functions. */
const HOSTILE = ['spin', 'thrash', 'allocate', 'flood', 'trap', 'recurse', 'ask', 'random'];
const CALLS_EACH = 4;
const QUIET_PER_SECOND = 200;
/** Before a block is measured the hostile ones come to work; after it, the last of them run into their timeout. */
const SETTLE_MS = 500;

interface Block {
  readonly alone: OpenLoadAnswer;
  readonly among: OpenLoadAnswer;
}

/** A quiet function, called 200 times a second, alone and among eight hostile ones, four calls of each at a time; in blocks. */
export async function measureAmongHostile(url: string, { short }: BenchOptions): Promise<BenchResult> {
  const subject = await helloSubject();
  const client = new HttpClient(url);
  await deploy(client, 'quiet', subject);
  const module = await compileGuest('hostile');
  for (const name of HOSTILE) {
    await deploy(client, name, { module, memoryMb: 128, handler: `index.${name}`, timeoutSeconds: 1 });
  }
  client.close();
  const ms = short ? 1_500 : 4_000;
  const quiet: OpenLoadQuestion = {
    ...{ url, path: invocationsPath('quiet'), body: subject.event, expected: subject.result as string },
    ...{ perSecond: QUIET_PER_SECOND, connections: 64, ms: SETTLE_MS + ms, settleMs: SETTLE_MS },
  };
  const hostile: LoadQuestion = {
    ...{ url, paths: HOSTILE.map(invocationsPath), kept: true, body: '{}', status: 'any' },
    ...{ connections: HOSTILE.length * CALLS_EACH, ms: SETTLE_MS + ms },
  };
  const quietLoad = new Child(new URL('./open-load.js', import.meta.url));
  const hostileLoad = new Child(new URL('./load-generator.js', import.meta.url));
  try {
    const blocks: Block[] = [];
    for (let turn = -1; turn < (short ? 3 : 9); turn++) {
      const alone = await quietLoad.ask<OpenLoadAnswer>(quiet);
      const [among] = await Promise.all([quietLoad.ask<OpenLoadAnswer>(quiet), hostileLoad.ask(hostile)]);
      await untilIdle(url);
      if (turn >= 0) blocks.push({ alone, among });
    }
    return toResult(blocks);
  } finally {
    await quietLoad.stop();
    await hostileLoad.stop();
  }
}

function toResult(blocks: readonly Block[]): BenchResult {
  const of = (who: keyof Block, member: 'p50' | 'p90' | 'p99'): number =>
    median(blocks.map((block) => block[who].latency[member]));
  const row = (who: keyof Block) => ({
    latency: { n: blocks.length, p50: of(who, 'p50'), p90: of(who, 'p90'), p99: of(who, 'p99') },
    lateP99: median(blocks.map((block) => block[who].late.p99)),
    wrong: blocks.reduce((sum, block) => sum + block[who].wrong + block[who].refused, 0),
  });
  const [alone, among] = [row('alone'), row('among')];
  const wrongOne = blocks.flatMap((block) => [block.alone.wrongOne, block.among.wrongOne]).find((one) => one);
  const beyond = median(
    blocks.map(
      (block) => block.among.latency.p99 - BUDGETS.hostileTimes * block.alone.latency.p99 - BUDGETS.hostileExtraUs,
    ),
  );
  const ratio = median(blocks.map((block) => block.among.latency.p99 / block.alone.latency.p99));
  return {
    figures: {
      amongHostile: { alone, among, p99Ratio: round(ratio), p99BeyondUs: round(beyond) },
    },
    text: [
      `A quiet function, ${QUIET_PER_SECOND} calls a second, medians of ${blocks.length} blocks; latency and the load's own lateness (p99) in microseconds`,
      formatTable(
        ['', 'latency', 'late', 'refused or wrong'],
        [
          ['alone', show(alone.latency), round(alone.lateP99), alone.wrong],
          [`among ${HOSTILE.length} hostile ones`, show(among.latency), round(among.lateP99), among.wrong],
        ],
      ),
      ...(wrongOne ? [`One that was wrong: ${wrongOne}`] : []),
      '',
    ].join('\n'),
    pictures: {
      'hostile.svg': drawBars(
        'A quiet function, p50 and what p99 is beyond it',
        'ms',
        [
          { label: 'alone', latency: alone.latency },
          { label: `among ${HOSTILE.length} hostile ones`, latency: among.latency },
        ].map(({ label, latency: { p50, p99 } }) => ({
          label,
          parts: [
            { name: 'p50', value: p50 / 1000 },
            { name: 'p99', value: (p99 - p50) / 1000 },
          ],
        })),
      ),
    },
    budgets: [
      {
        promise: `p99 among hostile functions at most ${BUDGETS.hostileTimes} times that alone and ${BUDGETS.hostileExtraUs} us`,
        measured: `${round(ratio)} times that alone, ${round(Math.abs(beyond))} us ${beyond > 0 ? 'too much' : 'to spare'}; medians of the blocks`,
        met: beyond <= 0 && among.wrong === 0,
      },
    ],
  };
}
