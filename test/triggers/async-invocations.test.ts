import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LambdaError } from '../../runtime/contract/errors.ts';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import type { Invocation } from '../../runtime/contract/invocation.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { EventQueue } from '../../runtime/store/event-queue.ts';
import { SqliteEventQueue } from '../../runtime/store/sqlite/sqlite-event-queue.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { AsyncInvocations, type AsyncInvocationsDeps } from '../../runtime/triggers/async-invocations.ts';

const SCOPE = { region: 'us-east-1', accountId: '000000000000' };
const HANDLING = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, reserved: undefined };
const ENDED = { report: { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 }, log: '' };
const OK: Outcome = { kind: 'succeeded', payload: new Uint8Array(), ...ENDED };
const FAILED: Outcome = { kind: 'function-error', error: { errorType: 'E', errorMessage: 'm' }, ...ENDED };
const REFUSED: Outcome = { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 };

let storage: ReturnType<typeof openStorage>;
let store: EventQueue;
const opened: AsyncInvocations[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_700_000_000_000 });
  storage = openStorage(':memory:');
  store = new SqliteEventQueue(storage);
});
afterEach(async () => {
  for (const queue of opened.splice(0)) await queue.close();
  void storage.close();
  vi.useRealTimers();
});

/** A queue before functions that answer `outcome`; `ran` and `ends` say what became of events. */
function create(
  outcome: (invocation: Invocation) => Outcome | Promise<Outcome>,
  deps: Partial<AsyncInvocationsDeps> = {},
) {
  const ran: string[] = [];
  const ends: string[] = [];
  const queue = new AsyncInvocations({
    store,
    targets: {
      ready: () => undefined,
      resolve: (_scope, name) => ({ name }) as FunctionVersion,
      handling: () => HANDLING,
    },
    invoke: async (invocation) => {
      ran.push(invocation.requestId);
      return outcome(invocation);
    },
    finished: async ({ requestId }, { ending }) => void ends.push(`${requestId} ${ending}`),
    observer: silentObserver,
    clock: Date.now,
    mostEvents: 1_000,
    retryDelaysMs: [60_000, 120_000],
    ...deps,
  });
  opened.push(queue);
  return { queue, ran, ends };
}

const add = (queue: AsyncInvocations, requestId: string, functionName = 'f', event = '{}') =>
  queue.enqueue({
    ...{ requestId, functionName, scope: SCOPE, traceId: 'Root=1-0-0' },
    ...{ event: Buffer.from(event), receivedAt: Date.now() },
  });

/** Lets everything happen that waits for no timer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function pass(milliseconds: number): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settle();
}

describe('asynchronous invocations', () => {
  it('accept an event when it is stored, and run it once, as it came', async () => {
    const events: string[] = [];
    const { queue, ends } = create(({ event, traceId }) => {
      events.push(`${Buffer.from(event)} ${traceId}`);
      return OK;
    });
    await add(queue, 'a', 'f', '{"n":1}');
    expect(await store.summary()).toMatchObject({ events: 1 });
    await pass(60_000);
    expect([events, ends]).toEqual([['{"n":1} Root=1-0-0'], ['a Success']]);
    expect([await store.summary(), queue.size]).toEqual([{ events: 0, bytes: 0, lastId: 0 }, 0]);
  });

  it('try a failing one again after a minute and two, under its own id, and then give up', async () => {
    const { queue, ran, ends } = create(() => FAILED);
    await add(queue, 'a');
    await pass(59_999);
    expect(ran).toEqual(['a']);
    await pass(1);
    expect(ran).toEqual(['a', 'a']);
    await pass(119_999);
    expect([ran, ends]).toEqual([['a', 'a'], []]);
    await pass(1);
    expect([ran, ends]).toEqual([['a', 'a', 'a'], ['a RetriesExhausted']]);
    await pass(3_600_000);
    expect(ran.length).toBe(3);
  });

  it('try a throttled one again at growing intervals until it is too old, and hold up nobody else', async () => {
    const { queue, ran, ends } = create(({ target }) => (target.name === 'busy' ? REFUSED : OK), {
      targets: {
        ready: () => undefined,
        resolve: (_scope, name) => ({ name }) as FunctionVersion,
        handling: () => ({ ...HANDLING, maximumEventAgeSeconds: 60 }),
      },
    });
    await add(queue, 'a', 'busy');
    await add(queue, 'b', 'free');
    await settle();
    expect([ran, ends]).toEqual([['a', 'b'], ['b Success']]);
    for (const delay of [1_000, 2_000, 4_000, 8_000, 16_000]) {
      const before = ran.length;
      await pass(delay - 1);
      expect(ran.length).toBe(before);
      await pass(1);
      expect(ran.length).toBe(before + 1);
    }
    await pass(60_000);
    expect(ends).toEqual(['b Success', 'a EventAgeExceeded']);
  });

  it('serve a function in the order of arrival, several at a time and no more than are reserved for it', async () => {
    const ends: (() => void)[] = [];
    const held = () => new Promise<Outcome>((resolve) => ends.push(() => resolve(OK)));
    const { queue, ran } = create(held, {
      targets: {
        ready: () => undefined,
        resolve: (_scope, name) => ({ name }) as FunctionVersion,
        handling: () => ({ ...HANDLING, reserved: 2 }),
      },
    });
    for (const id of ['a', 'b', 'c']) await add(queue, id);
    await settle();
    expect(ran).toEqual(['a', 'b']);
    ends.shift()?.();
    await settle();
    expect(ran).toEqual(['a', 'b', 'c']);
    for (const end of ends) end();
    await settle();
  });

  it('write what arrives together in one transaction', async () => {
    const write = vi.spyOn(store, 'write');
    const { queue } = create(() => OK);
    await queue.open();
    await Promise.all(Array.from({ length: 100 }, (_, index) => add(queue, `${index}`)));
    expect(write.mock.calls.map(([{ added }]) => added.length)).toEqual([100]);
  });

  it('write together what came while a transaction was written', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const write = vi.spyOn(store, 'write').mockImplementationOnce(() => held);
    const { queue } = create(() => OK);
    const first = add(queue, 'a');
    await settle();
    const later = ['b', 'c', 'd'].map((id) => add(queue, id));
    await settle();
    expect(write.mock.calls.map(([{ added }]) => added.length)).toEqual([1]);
    finish();
    await Promise.all([first, ...later]);
    expect(write.mock.calls.map(([{ added }]) => added.length)).toEqual([1, 3]);
  });

  it('keep a transaction small', async () => {
    const write = vi.spyOn(store, 'write');
    const { queue } = create(() => OK);
    await queue.open();
    const large = JSON.stringify('x'.repeat(600_000));
    await Promise.all(['a', 'b', 'c'].map((id) => add(queue, id, 'f', large)));
    expect(write.mock.calls.map(([{ added }]) => added.length)).toEqual([2, 1]);
  });

  it('refuse an event when the queue is full, and take the next when there is room', async () => {
    const { queue } = create(() => FAILED, { mostEvents: 2, retryDelaysMs: [1_000, 1_000] });
    for (const id of ['a', 'b']) await add(queue, id);
    await expect(add(queue, 'c')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      members: { Reason: 'CallerRateLimitExceeded' },
    });
    await pass(1_000);
    await pass(1_000);
    await add(queue, 'd');
    expect(queue.size).toBe(1);
  });

  it('accept nothing that cannot be stored', async () => {
    const { queue, ran } = create(() => OK);
    await queue.open();
    vi.spyOn(store, 'write').mockRejectedValueOnce(new Error('disk full'));
    await expect(add(queue, 'a')).rejects.toThrow('disk full');
    await pass(1_000);
    expect([ran, queue.size]).toEqual([[], 0]);
  });

  it('accept nothing from a store that cannot be read, say so, and ask again for the next', async () => {
    vi.spyOn(store, 'summary').mockRejectedValueOnce(new Error('disk gone'));
    const notices: string[] = [];
    const observer = { ...silentObserver, noticed: (_level: string, message: string) => void notices.push(message) };
    const { queue, ran } = create(() => OK, { observer });
    await expect(add(queue, 'a')).rejects.toThrow('disk gone');
    await settle();
    expect([ran, notices]).toEqual([[], ['Asynchronous events cannot be read: disk gone']]);
    await add(queue, 'b');
    await settle();
    expect(ran).toHaveLength(1);
  });

  it('remember what was done, even when a write fails between', async () => {
    const { queue, ends } = create(() => OK);
    await add(queue, 'a');
    vi.spyOn(store, 'write').mockRejectedValueOnce(new Error('disk full'));
    await pass(20);
    expect([ends, await store.summary()]).toMatchObject([['a Success'], { events: 1 }]);
    await pass(1_000);
    expect(await store.summary()).toMatchObject({ events: 0 });
  });

  it('drop what nothing can run any more, and wait for what cannot run now', async () => {
    const errors = new Map([
      ['gone', new LambdaError('ResourceNotFoundException', 'Function not found')],
      ['failed', new LambdaError('ResourceConflictException', 'The function is in the state Failed')],
    ]);
    const { queue, ran, ends } = create(() => OK, {
      targets: {
        ready: () => undefined,
        resolve: (_scope, name) => {
          const error = errors.get(name);
          if (error) throw error;
          return { name } as FunctionVersion;
        },
        handling: () => HANDLING,
      },
    });
    await add(queue, 'a', 'gone');
    await add(queue, 'b', 'failed');
    await settle();
    expect([ran, ends]).toEqual([[], ['a FunctionGone']]);
    errors.clear();
    await pass(1_000);
    expect([ran, ends]).toEqual([['b'], ['a FunctionGone', 'b Success']]);
  });

  it('take up what another process has left, older events first, with their failures counted', async () => {
    const first = create(() => FAILED);
    for (const id of ['a', 'b']) await add(first.queue, id);
    await settle();
    await first.queue.drain();
    await first.queue.close();
    await pass(60_000);
    expect(first.ran).toEqual(['a', 'b']);
    const second = create(() => FAILED);
    await add(second.queue, 'c');
    await settle();
    expect(second.ran).toEqual(['a', 'b', 'c']);
    expect(second.queue.size).toBe(3);
    await pass(120_000);
    expect(second.ends.sort()).toEqual(['a RetriesExhausted', 'b RetriesExhausted']);
  });

  it('accept events while they still read what was left, and run those afterwards', async () => {
    const first = create(() => FAILED);
    await add(first.queue, 'a');
    await first.queue.drain();
    await first.queue.close();
    const read = store.page.bind(store);
    const waiting: (() => void)[] = [];
    vi.spyOn(store, 'page').mockImplementationOnce(async (after, limit) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return read(after, limit);
    });
    const second = create(() => OK);
    await add(second.queue, 'b');
    await settle();
    expect([second.ran, second.queue.size]).toEqual([[], 2]);
    waiting[0]?.();
    await settle();
    expect([second.ran, second.queue.size]).toEqual([['a', 'b'], 0]);
  });

  it('begin nothing while they drain, and leave what was refused then as it was', async () => {
    const ends: ((outcome: Outcome) => void)[] = [];
    const { queue, ran } = create(() => new Promise((resolve) => ends.push(resolve)));
    await add(queue, 'a');
    await settle();
    const drained = queue.drain();
    await add(queue, 'b');
    await settle();
    expect(ran).toEqual(['a']);
    ends[0]?.(REFUSED);
    await drained;
    await queue.close();
    expect(await store.page(0, 10)).toMatchObject([
      { requestId: 'a', failures: 0, throttles: 0 },
      { requestId: 'b', failures: 0, throttles: 0 },
    ]);
  });

  it('tell how old the oldest is', async () => {
    const { queue } = create(() => FAILED);
    expect(queue.age).toBe(0);
    await add(queue, 'a');
    await pass(5_000);
    await add(queue, 'b');
    expect(queue.age).toBe(5_000);
  });

  it('are told again how they ended when that fails, and do not run for it', async () => {
    let failures = 2;
    const told: string[] = [];
    const { queue, ran } = create(() => OK, {
      finished: async ({ requestId }) => {
        if (failures-- > 0) throw new Error('no room');
        told.push(requestId);
      },
    });
    await add(queue, 'a');
    await pass(1_000);
    await add(queue, 'b');
    await pass(1_999);
    expect([ran, told]).toEqual([['a'], []]);
    await pass(1);
    expect([[...ran].sort(), [...told].sort(), queue.size]).toEqual([['a', 'b'], ['a', 'b'], 0]);
  });

  it('are done with when nobody can be told for long', async () => {
    const notices: string[] = [];
    const counted: string[] = [];
    const { queue, ran } = create(() => OK, {
      finished: async () => {
        throw new Error('no room');
      },
      observer: {
        ...silentObserver,
        noticed: (_level, message) => void notices.push(message),
        asyncEventEnded: (name, ending) => void counted.push(`${name} ${ending}`),
      },
    });
    await add(queue, 'a');
    for (let turn = 0; turn < 10; turn++) await pass(1_000 * 2 ** turn);
    expect([ran, counted, queue.size]).toEqual([['a'], ['f Success'], 0]);
    expect(notices).toEqual(['Nobody could be told how event a of f ended: no room']);
  });
});
