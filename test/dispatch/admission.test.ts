import { describe, expect, it } from 'vitest';
import type { Invocation } from '../../runtime/contract/invocation.ts';
import { QUEUED_BYTES } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { Admission } from '../../runtime/dispatch/index.ts';

const DONE: Outcome = {
  kind: 'succeeded',
  payload: new Uint8Array(),
  log: '',
  report: { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 },
};

const invocationOf = (arn: string, requestId = arn, event: Uint8Array = new Uint8Array()) =>
  ({ requestId, event, target: { arn } }) as unknown as Invocation;

/** An Invoker whose invocations end when the test says so, in the order in which they began. */
function createHeld() {
  const began: string[] = [];
  const ends: (() => void)[] = [];
  return {
    began,
    endNext: () => ends.shift()?.(),
    invoke: (invocation: Invocation) =>
      new Promise<Outcome>((resolve) => {
        began.push(invocation.requestId);
        ends.push(() => resolve(DONE));
      }),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('admission', () => {
  it('lets in what there is room for and starts the next when one ends', async () => {
    const held = createHeld();
    const admission = new Admission({ capacity: () => 2, queuePerFunction: 10, accountConcurrency: 100 }, held.invoke);
    const all = ['a', 'b', 'c'].map((id) => admission.invoke(invocationOf('f', id)));
    expect(held.began).toEqual(['a', 'b']);
    expect(admission.queued).toBe(1);
    held.endNext();
    await turn();
    expect(held.began).toEqual(['a', 'b', 'c']);
    held.endNext();
    held.endNext();
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('follows a capacity that grows, and one that shrinks', async () => {
    const held = createHeld();
    let capacity = 1;
    const options = { capacity: () => capacity, queuePerFunction: 10, accountConcurrency: 100 };
    const admission = new Admission(options, held.invoke);
    const all = ['a', 'b', 'c', 'd'].map((id) => admission.invoke(invocationOf('f', id)));
    capacity = 3;
    admission.refill();
    expect(held.began).toEqual(['a', 'b', 'c']);
    capacity = 1;
    held.endNext();
    await turn();
    expect(admission.queued).toBe(1);
    for (let index = 0; index < 3; index++) {
      held.endNext();
      await turn();
    }
    expect(await Promise.all(all)).toHaveLength(4);
  });

  it('serves functions in turn, so that a flood delays a neighbour by one', async () => {
    const held = createHeld();
    const admission = new Admission({ capacity: () => 1, queuePerFunction: 10, accountConcurrency: 100 }, held.invoke);
    for (const id of ['flood-1', 'flood-2', 'flood-3']) void admission.invoke(invocationOf('flood', id));
    void admission.invoke(invocationOf('quiet'));
    for (let index = 0; index < 4; index++) {
      held.endNext();
      await turn();
    }
    expect(held.began).toEqual(['flood-1', 'flood-2', 'quiet', 'flood-3']);
  });

  it('refuses at once when a function has too many waiting, and only that function', async () => {
    const held = createHeld();
    const admission = new Admission({ capacity: () => 1, queuePerFunction: 1, accountConcurrency: 100 }, held.invoke);
    void admission.invoke(invocationOf('f'));
    void admission.invoke(invocationOf('f'));
    expect(await admission.invoke(invocationOf('f'))).toMatchObject({
      kind: 'refused',
      reason: 'ConcurrentInvocationLimitExceeded',
      retryAfterSeconds: 1,
    });
    void admission.invoke(invocationOf('g'));
    expect(admission.queued).toBe(2);
  });

  it('says what it would refuse without letting anything in', async () => {
    const held = createHeld();
    const admission = new Admission({ capacity: () => 1, queuePerFunction: 1, accountConcurrency: 3 }, held.invoke);
    expect(admission.refusal('f')).toBeUndefined();
    void admission.invoke(invocationOf('f', 'runs'));
    expect(admission.refusal('f')).toBeUndefined();
    void admission.invoke(invocationOf('f', 'waits'));
    expect(admission.refusal('f')).toBe('ConcurrentInvocationLimitExceeded');
    expect(await admission.invoke(invocationOf('f'))).toMatchObject({ kind: 'refused' });
    for (let asked = 0; asked < 5; asked++) expect(admission.refusal('g')).toBeUndefined();
    admission.reserve('g', 0);
    expect(admission.refusal('g')).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
    held.endNext();
    await turn();
    expect(admission.refusal('f')).toBeUndefined();
    admission.drain();
    expect(admission.refusal('f')).toBe('ConcurrentInvocationLimitExceeded');
  });

  it('bounds what waits by weight, across functions, and takes more when some has run', async () => {
    const held = createHeld();
    const admission = new Admission({ capacity: () => 1, queuePerFunction: 10, accountConcurrency: 100 }, held.invoke);
    const heavy = { byteLength: QUEUED_BYTES / 2 } as Uint8Array;
    const light = { byteLength: 1 } as Uint8Array;
    void admission.invoke(invocationOf('running'));
    void admission.invoke(invocationOf('f', 'f', heavy));
    void admission.invoke(invocationOf('g', 'g', heavy));
    expect((await admission.invoke(invocationOf('h', 'h', light))).kind).toBe('refused');
    held.endNext();
    await turn();
    void admission.invoke(invocationOf('h', 'h', light));
    expect(admission.queued).toBe(2);
  });

  it('frees the room of an invocation that rejected', async () => {
    const admission = new Admission({ capacity: () => 1, queuePerFunction: 1, accountConcurrency: 100 }, () =>
      Promise.reject(new Error('bug')),
    );
    await expect(admission.invoke(invocationOf('f'))).rejects.toThrow('bug');
    await expect(admission.invoke(invocationOf('f'))).rejects.toThrow('bug');
  });

  it('refuses everything new while it drains', async () => {
    const held = createHeld();
    const admission = new Admission({ capacity: () => 1, queuePerFunction: 1, accountConcurrency: 100 }, held.invoke);
    const running = admission.invoke(invocationOf('f'));
    admission.drain();
    expect((await admission.invoke(invocationOf('f'))).kind).toBe('refused');
    held.endNext();
    expect((await running).kind).toBe('succeeded');
  });
});
