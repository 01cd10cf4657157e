import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { type QueueError, Queues, type ReceivedMessage } from '../../runtime/queues/index.ts';
import { SqliteMessageStore } from '../../runtime/store/sqlite/sqlite-message-store.ts';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';

const START = 1_700_000_000_000;
const DEDUPLICATION_MS = 300_000;
const GROUPS = ['a', 'b'] as const;

interface ModelMessage {
  readonly body: string;
  readonly group: string;
  visibleAt: number;
  receives: number;
  /** Of the last time it was received. */
  handle: string | undefined;
}

/** A queue as one would explain it: a list, and the time. */
class Model {
  readonly isFifo: boolean;
  now: number = START;
  messages: ModelMessage[] = [];
  sent = new Map<string, number>();
  /** Sends so far: each says something else. */
  asked = 0;

  constructor(isFifo: boolean) {
    this.isFifo = isFifo;
  }

  isInFlight(message: ModelMessage): boolean {
    return message.visibleAt > this.now && message.receives > 0;
  }

  /** Those that can be received now, in the order of their group. */
  available(): ModelMessage[] {
    if (!this.isFifo) return this.messages.filter(({ visibleAt }) => visibleAt <= this.now);
    return GROUPS.flatMap((group) => {
      const all = this.messages.filter((message) => message.group === group);
      if (all.some((message) => this.isInFlight(message))) return [];
      const hidden = all.findIndex(({ visibleAt }) => visibleAt > this.now);
      return hidden < 0 ? all : all.slice(0, hidden);
    });
  }

  get counts() {
    const inFlight = this.messages.filter((message) => this.isInFlight(message)).length;
    const hidden = this.messages.filter(({ visibleAt }) => visibleAt > this.now).length;
    return { ready: this.messages.length - hidden, inFlight, delayed: hidden - inFlight };
  }
}

type Step =
  | { readonly do: 'send'; readonly group: string; readonly id: number; readonly delay: number }
  | { readonly do: 'receive'; readonly most: number; readonly hide: number }
  | { readonly do: 'delete'; readonly at: number }
  | { readonly do: 'advance'; readonly at: number }
  | { readonly do: 'reopen' }
  | { readonly do: 'hide'; readonly at: number; readonly seconds: number };

const { constant, constantFrom, integer, oneof, record } = fc;
const step: fc.Arbitrary<Step> = oneof(
  {
    weight: 5,
    arbitrary: record({
      do: constant('send' as const),
      group: constantFrom(...GROUPS),
      id: integer({ min: 0, max: 40 }),
      delay: constantFrom(0, 0, 5),
    }),
  },
  {
    weight: 5,
    arbitrary: record({
      do: constant('receive' as const),
      most: integer({ min: 1, max: 4 }),
      hide: constantFrom(0, 1, 30),
    }),
  },
  { weight: 4, arbitrary: record({ do: constant('delete' as const), at: integer({ min: 0, max: 6 }) }) },
  {
    weight: 3,
    arbitrary: record({
      do: constant('hide' as const),
      at: integer({ min: 0, max: 6 }),
      seconds: constantFrom(0, 3, 60),
    }),
  },
  {
    weight: 3,
    arbitrary: record({ do: constant('advance' as const), at: constantFrom(1, 999, 1_000, 5_000, 30_000, 299_000) }),
  },
  { weight: 1, arbitrary: constant({ do: 'reopen' as const }) },
);

describe.each(['standard', 'fifo'] as const)('a %s queue', (kind) => {
  it('does what a list with the time would, over restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const model = new Model(kind === 'fifo');
        const bench = await open(model);
        for (const each of steps) {
          await take(each, model, bench);
          expect(await bench.queues.counts(bench.key)).toEqual(model.counts);
        }
        await bench.close();
      }),
      { numRuns: Number(process.env.QUEUE_RUNS ?? 150) },
    );
  }, 120_000);
});

interface Bench {
  readonly key: { readonly region: string; readonly accountId: string; readonly name: string };
  queues: Queues;
  /** Every message that was received, with the handle of that time. */
  readonly received: { readonly message: ModelMessage; readonly handle: string; readonly receives: number }[];
  reopen(): Promise<void>;
  close(): Promise<void>;
}

async function open(model: Model): Promise<Bench> {
  const storage = openStorage(':memory:');
  const openQueues = async (): Promise<Queues> => {
    const queues = new Queues({
      resources: new SqliteResourceStore(storage),
      messages: new SqliteMessageStore(storage),
      parsePolicy: () => ({ Statement: [] }),
      observer: silentObserver,
      clock: () => model.now,
      most: { messages: 1_000, bytes: 1_000_000 },
    });
    await queues.open();
    return queues;
  };
  const key = { region: 'us-east-1', accountId: '000000000000', name: model.isFifo ? 'q.fifo' : 'q' };
  const queues = await openQueues();
  await queues.table.create(key, model.isFifo ? { FifoQueue: 'true' } : {}, {});
  const bench: Bench = {
    ...{ key, queues, received: [] },
    async reopen() {
      await bench.queues.close();
      bench.queues = await openQueues();
    },
    async close() {
      await bench.queues.close();
      await storage.close();
    },
  };
  return bench;
}

async function take(step: Step, model: Model, bench: Bench): Promise<void> {
  if (step.do === 'advance') model.now += step.at;
  else if (step.do === 'reopen') await bench.reopen();
  else if (step.do === 'send') await send(step, model, bench);
  else if (step.do === 'receive') await receive(step, model, bench);
  else await settle(step, model, bench);
}

async function send(
  { group, id, delay }: Extract<Step, { do: 'send' }>,
  model: Model,
  { key, queues }: Bench,
): Promise<void> {
  model.asked += 1;
  const body = `${group}${id} ${model.asked}`;
  const more = model.isFifo ? { groupId: group, deduplicationId: `${id}` } : { delaySeconds: delay };
  await queues.send(key, [queues.prepare(key, { body, ...more }, 'me')]);
  if (model.isFifo) {
    const before = model.sent.get(`${id}`);
    if (before !== undefined && model.now - before < DEDUPLICATION_MS) return;
    model.sent.set(`${id}`, model.now);
  }
  const visibleAt = model.isFifo || delay === 0 ? 0 : model.now + delay * 1000;
  model.messages.push({ body, group, visibleAt, receives: 0, handle: undefined });
}

async function receive({ most, hide }: Extract<Step, { do: 'receive' }>, model: Model, bench: Bench): Promise<void> {
  const available = model.available();
  const received = await bench.queues.receive(bench.key, { most, visibilityTimeout: hide });
  expect(received).toHaveLength(Math.min(most, available.length));
  for (const each of received) {
    const message = find(each, available);
    available.splice(available.indexOf(message), 1);
    message.receives += 1;
    message.visibleAt = model.now + hide * 1000;
    message.handle = each.receiptHandle;
    expect(each.receives).toBe(message.receives);
    bench.received.push({ message, handle: each.receiptHandle, receives: message.receives });
  }
}

/** The message of the model that was received: in a FIFO queue the first of its group. */
function find({ body, groupId }: ReceivedMessage, available: readonly ModelMessage[]): ModelMessage {
  const found =
    groupId === undefined
      ? available.find((message) => message.body === body)
      : available.find(({ group }) => group === groupId);
  expect(found?.body).toBe(body);
  return found as ModelMessage;
}

/** Deletes or hides by a handle of whatever time. */
async function settle(
  step: Extract<Step, { do: 'delete' | 'hide' }>,
  model: Model,
  { key, queues, received }: Bench,
): Promise<void> {
  const chosen = received.at(-1 - step.at);
  if (chosen === undefined) return;
  const { message, handle } = chosen;
  const isLast = message.handle === handle;
  const exists = model.messages.includes(message);
  if (step.do === 'delete') {
    const isExpired = model.isFifo && exists && !(isLast && model.isInFlight(message));
    expect(await codeOf(queues.delete(key, handle))).toBe(isExpired ? 'InvalidParameterValue' : undefined);
    if (isLast && !isExpired) model.messages = model.messages.filter((each) => each !== message);
    return;
  }
  const refusal =
    !exists || (model.isFifo && !isLast)
      ? 'InvalidParameterValue'
      : model.isInFlight(message)
        ? undefined
        : 'MessageNotInflight';
  expect(await codeOf(queues.changeVisibility(key, handle, step.seconds))).toBe(refusal);
  if (refusal === undefined && isLast) message.visibleAt = model.now + step.seconds * 1000;
}

async function codeOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return (error as QueueError).code;
  }
}
