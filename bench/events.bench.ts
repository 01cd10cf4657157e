import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureBesideCalls } from './beside-calls.ts';
import { measureEventRate } from './event-rate.ts';
import { HttpClient } from './http-client.ts';
import { createRole, deploy } from './lambda-calls.ts';
import { measureLineRate } from './line-rate.ts';
import { BenchFailed, type BenchOptions, type BenchResult } from './options.ts';
import { measureQueueRate } from './queue-rate.ts';
import { ISOLA, isolaEnv, startServer } from './server-process.ts';
import { heapSubject, readSubject } from './subject.ts';

const PARTS = ['accepted', 'queues', 'lines', 'beside'] as const;
const ROLE = 'taker';
const SCOPE = [
  'Measured: Isola and the load in a process each, signatures off; an event or message is on disk before its answer. Run and handled:',
  'from the first one sent until nothing is left. Not measured: TLS, large events, slow guests, functions that fail.',
].join('\n  ');

type Part = Pick<BenchResult, 'text'> & { readonly figures: unknown; readonly budgets?: BenchResult['budgets'] };

/** Events that are accepted and run a second, messages that go through a queue, lines that are kept: how many, and what do they cost calls? */
export async function benchEvents(options: BenchOptions): Promise<BenchResult> {
  const { only } = options;
  const chosen = PARTS.filter((part) => only === undefined || part === only);
  if (chosen.length === 0) throw new BenchFailed(`--only takes ${PARTS.join(', ')}, not "${only}".`);
  const subject = options.function ? await readSubject(options.function, options.event) : await heapSubject(64);
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const isola = await startServer(ISOLA, isolaEnv(dataDir), { profile: options.profile });
  const client = new HttpClient(isola.url);
  const measure: Readonly<Record<(typeof PARTS)[number], () => Promise<Part>>> = {
    accepted: () => measureEventRate(isola.url, subject.event, options),
    queues: () => measureQueueRate(isola.url, client, options),
    lines: () => measureLineRate(options),
    beside: () => measureBesideCalls(isola.url, client, subject.event, options),
  };
  try {
    await createRole(client, ROLE, 'sqs:*');
    await deploy(client, 'f', subject);
    await deploy(client, 'taker', { ...(await heapSubject(64)), role: ROLE });
    const parts = new Map<string, Part>();
    for (const part of chosen) parts.set(part, await measure[part]());
    const { accepted, ...rest } = Object.fromEntries([...parts].map(([name, { figures }]) => [name, figures]));
    return {
      figures: { ...(accepted === undefined ? {} : { events: accepted }), ...rest },
      text: [...parts.values()].map(({ text }) => text).join('\n'),
      scope: SCOPE,
      pictures: {},
      budgets: [...parts.values()].flatMap(({ budgets = [] }) => budgets),
    };
  } finally {
    client.close();
    await isola.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
