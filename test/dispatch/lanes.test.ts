import { describe, expect, it } from 'vitest';
import type { Invocation } from '../../runtime/contract/invocation.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { Admission } from '../../runtime/dispatch/index.ts';
import { Paces } from '../../runtime/dispatch/paces.ts';
import { SlowLane } from '../../runtime/dispatch/slow-lane.ts';

const invocationOf = (arn: string, parts: Partial<Invocation> = {}): Invocation =>
  ({ requestId: arn, event: new Uint8Array(), target: { arn }, ...parts }) as unknown as Invocation;

const endedAfter = (durationMs: number): Outcome => ({
  ...{ kind: 'succeeded', payload: new Uint8Array(), log: '' },
  report: { durationMs, fuel: 0, maxMemoryBytes: 0, queueMs: 0 },
});

/** An Invoker that keeps its invocations until the test ends them, by function. */
function createHeld() {
  const running: { invocation: Invocation; end: (ms: number) => void }[] = [];
  return {
    running,
    names: () => running.map(({ invocation }) => invocation.target.arn).sort(),
    invoke: (invocation: Invocation) =>
      new Promise<Outcome>((resolve) => {
        const entry = {
          invocation,
          end: (ms: number) => {
            running.splice(running.indexOf(entry), 1);
            resolve(endedAfter(ms));
          },
        };
        running.push(entry);
      }),
    async end(arn: string, ms: number) {
      running.find(({ invocation }) => invocation.target.arn === arn)?.end(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function createAdmission(slow = { capacity: 8, untold: 2 }, capacity = 4) {
  const held = createHeld();
  const options = { capacity: () => capacity, queuePerFunction: 2_000, accountConcurrency: 10_000, slow };
  const admission = new Admission(options, held.invoke);
  const become = async (arn: string, ms: number) => {
    const ended = admission.invoke(invocationOf(arn));
    await held.end(arn, ms);
    await ended;
  };
  /** Lets everything that runs alone turn out to be long. */
  const settle = () => {
    for (let before = -1; before !== held.running.length; ) {
      before = held.running.length;
      for (const { invocation } of [...held.running]) admission.settled(invocation);
    }
  };
  return { admission, held, become, settle };
}

describe('the pace of a function', () => {
  it('is unknown, and not quick, until one has ended', () => {
    const paces = new Paces();
    expect(paces.isQuick('f')).toBe(false);
    paces.learn('f', 1);
    expect(paces.isQuick('f')).toBe(true);
  });

  it('is lost with a few long invocations, not with one, and won back by a dozen quick ones', () => {
    const paces = new Paces();
    paces.learn('f', 1);
    paces.learn('f', 900_000);
    expect(paces.isQuick('f')).toBe(true);
    for (let index = 0; index < 3; index++) paces.learn('f', 900_000);
    let quick = 0;
    for (; !paces.isQuick('f'); quick++) paces.learn('f', 1);
    expect(quick).toBeGreaterThan(5);
    expect(quick).toBeLessThan(20);
  });

  it('is remembered of the functions that were learned last', () => {
    const paces = new Paces();
    for (let index = 0; index < 5_000; index++) paces.learn(`f-${index}`, 1);
    expect([paces.isQuick('f-0'), paces.isQuick('f-4999')]).toEqual([false, true]);
  });
});

describe('the slow lane', () => {
  it('takes so many of which nothing is known at a time', () => {
    const lane = new SlowLane({ capacity: 8, untold: 2 });
    const [first, second, third] = ['a', 'b', 'c'].map((arn) => invocationOf(arn)) as [
      Invocation,
      Invocation,
      Invocation,
    ];
    lane.enter(first);
    lane.enter(second);
    expect(lane.mayEnter(third, 'shared')).toBe(false);
    expect([lane.settle(first), lane.settle(first)]).toEqual([true, false]);
    expect(lane.mayEnter(third, 'shared')).toBe(true);
    expect([lane.leave(first), lane.leave(first), lane.size]).toEqual([true, false, 1]);
  });

  it.each([1, 2, 3, 7, 8])('leaves places for others, whatever %d functions ask for', (functions) => {
    const lane = new SlowLane({ capacity: 64, untold: 1 });
    for (let round = 0; round < 1_000; round++) {
      const next = invocationOf(`f-${round % functions}`);
      if (!lane.mayEnter(next, 'shared')) continue;
      lane.enter(next);
      lane.settle(next);
    }
    expect(lane.held('f-0')).toBeGreaterThanOrEqual(Math.floor(64 / (functions + 1)));
    expect(lane.mayEnter(invocationOf('newcomer'), 'shared')).toBe(true);
    expect(lane.mayEnter(invocationOf('f-0'), 'owed')).toBe(true);
  });
});

describe('admission with a slow lane', () => {
  it('lets quick functions past a thousand calls of slow and unknown ones', async () => {
    const { admission, held, become, settle } = createAdmission();
    await become('quiet', 1);
    for (let index = 0; index < 1_000; index++) void admission.invoke(invocationOf(`hostile-${index % 8}`));
    settle();
    expect(held.running).toHaveLength(8);
    for (let index = 0; index < 100; index++) await become('quiet', 1);
    expect(admission.queued).toBe(1_000 - held.running.length);
  });

  it('counts no long invocation against the quick ones, however it began', async () => {
    const { admission, held, become } = createAdmission({ capacity: 8, untold: 2 }, 1);
    await become('f', 1);
    await become('quiet', 1);
    void admission.invoke(invocationOf('f'));
    void admission.invoke(invocationOf('quiet'));
    expect(held.names()).toEqual(['f']);
    admission.ranLong(held.running[0]?.invocation as Invocation);
    expect(held.names()).toEqual(['f', 'quiet']);
    expect(admission.running).toBe(2);
    await held.end('f', 500);
    await held.end('quiet', 1);
    expect([admission.running, admission.queued]).toEqual([0, 0]);
  });

  it('tries a function alone, and lets the rest of its calls through once it is known to be quick', async () => {
    const { admission, held } = createAdmission({ capacity: 8, untold: 1 }, 100);
    for (let index = 0; index < 50; index++) void admission.invoke(invocationOf('new'));
    expect(held.running).toHaveLength(1);
    await held.end('new', 1);
    expect(held.running).toHaveLength(49);
  });

  it('queues a function with the slow ones as soon as two of its calls run long', async () => {
    const { admission, held, become } = createAdmission({ capacity: 64, untold: 2 }, 4);
    await become('f', 1);
    await become('quiet', 1);
    for (let index = 0; index < 10; index++) void admission.invoke(invocationOf('f'));
    for (const { invocation } of held.running.slice(0, 2)) admission.ranLong(invocation);
    const before = held.running.length;
    void admission.invoke(invocationOf('f'));
    expect(held.running).toHaveLength(before);
    void admission.invoke(invocationOf('quiet'));
    expect(held.names()).toContain('quiet');
  });

  it('lets what a guest waits for in before what waits in vain for a place that the guest has', async () => {
    const { admission, held, become, settle } = createAdmission({ capacity: 6, untold: 1 });
    await become('f', 900_000);
    for (let index = 0; index < 6; index++) {
      void admission.invoke(invocationOf('f'));
      settle();
    }
    expect([held.running.length, admission.queued]).toEqual([3, 3]);
    void admission.invoke(invocationOf('g'));
    void admission.invoke(invocationOf('f', { isNested: true }));
    expect([held.names(), admission.queued]).toEqual([['f', 'f', 'f', 'g'], 4]);
    settle();
    expect([held.names(), admission.queued]).toEqual([['f', 'f', 'f', 'f', 'g'], 3]);
    expect(held.running.some(({ invocation }) => invocation.isNested)).toBe(true);
  });

  it('keeps a place for what a guest waits for and what is reserved', async () => {
    const { admission, held, settle } = createAdmission({ capacity: 8, untold: 2 });
    for (let index = 0; index < 8; index++) void admission.invoke(invocationOf('f'));
    settle();
    expect(held.running).toHaveLength(4);
    void admission.invoke(invocationOf('f', { isNested: true }));
    expect(held.running).toHaveLength(5);
    settle();
    admission.reserve('g', 3);
    for (let index = 0; index < 3; index++) void admission.invoke(invocationOf('g'));
    settle();
    expect(held.names().filter((name) => name === 'g')).toHaveLength(3);
  });

  it('serves slow functions in turn when places come free', async () => {
    const { admission, held, settle } = createAdmission({ capacity: 3, untold: 3 });
    for (const arn of ['f', 'f', 'f', 'f', 'g', 'g', 'h']) void admission.invoke(invocationOf(arn));
    settle();
    expect(held.names()).toEqual(['f', 'f', 'g']);
    await held.end('f', 1_000);
    expect(held.names()).toEqual(['f', 'g', 'h']);
  });

  it('refuses the last of the function with most waiting, not a newcomer, when the account has as many as it may', async () => {
    const held = createHeld();
    const slow = { capacity: 4, untold: 1 };
    const options = { capacity: () => 4, queuePerFunction: 100, accountConcurrency: 10, slow };
    const admission = new Admission(options, held.invoke);
    const refusals: string[] = [];
    const call = (arn: string, id: string) =>
      admission
        .invoke(invocationOf(arn, { requestId: id }))
        .then(({ kind }) => kind === 'refused' && refusals.push(id));
    for (let index = 0; index < 10; index++) void call('f', `f-${index}`);
    void call('f', 'one-more');
    for (let index = 0; index < 5; index++) void call('g', `g-${index}`);
    await new Promise((resolve) => setImmediate(resolve));
    expect(refusals.sort()).toEqual(['f-6', 'f-7', 'f-8', 'f-9', 'g-4', 'one-more']);
    expect(admission.running + admission.queued).toBe(10);
  });
});
