import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Invocation } from '../../runtime/contract/invocation.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { Admission } from '../../runtime/dispatch/index.ts';

const DONE: Outcome = {
  kind: 'succeeded',
  payload: new Uint8Array(),
  log: '',
  report: { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 },
};
const ACCOUNT_LIMIT = 6;
const ARNS = ['one:f', 'one:g', 'one:h', 'two:f'] as const;

const invocationOf = (arn: string) =>
  ({ requestId: arn, event: new Uint8Array(), target: { arn } }) as unknown as Invocation;

/** What may be in at a time, written as Lambda documents it: by looking at everything that is in. */
class Model {
  readonly inside: string[] = [];
  readonly reserved = new Map<string, number>();

  refusal(arn: string): string | undefined {
    const own = this.reserved.get(arn);
    if (own !== undefined) {
      const isFull = this.inside.filter((each) => each === arn).length >= own;
      return isFull ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : undefined;
    }
    const isNeighbour = (each: string) => each.split(':')[0] === arn.split(':')[0];
    const reserved = [...this.reserved]
      .filter(([each]) => isNeighbour(each))
      .reduce((sum, [, count]) => sum + count, 0);
    const sharing = this.inside.filter((each) => isNeighbour(each) && !this.reserved.has(each)).length;
    return sharing >= ACCOUNT_LIMIT - reserved ? 'ConcurrentInvocationLimitExceeded' : undefined;
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('invoke' as const), arn: fc.constantFrom(...ARNS) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      arn: fc.constantFrom(...ARNS),
      count: fc.option(fc.nat(3), { nil: undefined }),
    }),
  },
);

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('admission with reservations', () => {
  it('lets in and refuses what a count of everything inside says, however reservations change', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 100, size: 'max' }),
        fc.integer({ min: 1, max: 8 }),
        async (steps, capacity) => {
          const model = new Model();
          const running: { arn: string; end: () => void }[] = [];
          const admission = new Admission(
            { capacity: () => capacity, queuePerFunction: 100, accountConcurrency: ACCOUNT_LIMIT },
            ({ target: { arn } }) => new Promise((resolve) => running.push({ arn, end: () => resolve(DONE) })),
          );
          for (const each of steps) {
            if (each.do === 'reserve') {
              admission.reserve(each.arn, each.count);
              if (each.count === undefined) model.reserved.delete(each.arn);
              else model.reserved.set(each.arn, each.count);
            } else if (each.do === 'invoke') {
              const refusal = model.refusal(each.arn);
              const answer = admission.invoke(invocationOf(each.arn));
              if (refusal === undefined) model.inside.push(each.arn);
              else expect(await answer).toMatchObject({ kind: 'refused', reason: refusal, retryAfterSeconds: 1 });
            } else {
              const [ended] = running.splice(each.which % Math.max(1, running.length), 1);
              if (ended === undefined) continue;
              model.inside.splice(model.inside.indexOf(ended.arn), 1);
              ended.end();
              await turn();
            }
            expect(admission.running + admission.queued).toBe(model.inside.length);
            expect(admission.running).toBe(Math.min(capacity, model.inside.length));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps what is reserved from the others, used or not', async () => {
    const never = () => new Promise<Outcome>(() => undefined);
    const options = { capacity: () => 100, queuePerFunction: 100, accountConcurrency: ACCOUNT_LIMIT };
    const admission = new Admission(options, never);
    admission.reserve('one:f', 2);
    for (let index = 0; index < ACCOUNT_LIMIT; index++) void admission.invoke(invocationOf('one:g'));
    expect(admission.running).toBe(ACCOUNT_LIMIT - 2);
    for (let index = 0; index < 2; index++) void admission.invoke(invocationOf('one:f'));
    expect(admission.running).toBe(ACCOUNT_LIMIT);
  });

  it('lets in its part of what is not reserved, where other processes have the rest', () => {
    const never = () => new Promise<Outcome>(() => undefined);
    const share = (count: number) => Math.floor(count / 2);
    const admission = new Admission({ capacity: () => 100, queuePerFunction: 1, accountConcurrency: 10, share }, never);
    admission.reserve('one:f', 3);
    for (let index = 0; index < 10; index++) void admission.invoke(invocationOf('one:g'));
    expect(admission.running).toBe(3);
    for (let index = 0; index < 10; index++) void admission.invoke(invocationOf('one:f'));
    expect(admission.running).toBe(6);
  });

  it('lets a function wait within its reservation, however short the queues are', () => {
    const never = () => new Promise<Outcome>(() => undefined);
    const admission = new Admission({ capacity: () => 1, queuePerFunction: 1, accountConcurrency: 10 }, never);
    admission.reserve('one:f', 5);
    for (let index = 0; index < 6; index++) void admission.invoke(invocationOf('one:f'));
    expect(admission.queued).toBe(4);
  });

  it('forgets functions that are idle, and no count or reservation of those that are not', async () => {
    const admission = new Admission(
      { capacity: () => 10, queuePerFunction: 1, accountConcurrency: 10 },
      ({ target: { arn } }) => (arn === 'one:busy' ? new Promise(() => undefined) : Promise.resolve(DONE)),
    );
    const refused = { reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' };
    admission.reserve('one:reserved', 0);
    void admission.invoke(invocationOf('one:busy'));
    for (let index = 0; index < 5_000; index++) await admission.invoke(invocationOf(`one:${index}`));
    expect(await admission.invoke(invocationOf('one:reserved'))).toMatchObject(refused);
    admission.reserve('one:busy', 1);
    expect(await admission.invoke(invocationOf('one:busy'))).toMatchObject(refused);
  });
});
