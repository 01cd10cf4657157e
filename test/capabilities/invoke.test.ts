import { describe, expect, it } from 'vitest';
import { createInvoke, type InvokeDeps } from '../../runtime/capabilities/index.ts';
import type { AsyncInvocation, Enqueue } from '../../runtime/contract/async-invocation.ts';
import { LambdaError } from '../../runtime/contract/errors.ts';
import type { Invocation } from '../../runtime/contract/invocation.ts';
import { ASYNC_REQUEST_BYTES } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { toFunctionVersion } from '../support/function-version.ts';
import { callerOf, grantsOf } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';
const REPORT = { report: { durationMs: 1, fuel: 1, maxMemoryBytes: 1, queueMs: 0 }, log: '' };
const errorOf = (type: string) => ({ error: { type } });

/** Functions of any name but "absent", that answer their event. */
function open(more: Partial<InvokeDeps> = {}, outcomeOf?: (invocation: Invocation) => Outcome) {
  const invoked: Invocation[] = [];
  const call = callerOf(
    createInvoke({
      grants: grantsOf('lambda:InvokeFunction*'),
      parseName: (_scope, name, qualifier) => ({
        ...{ name, arn: `${ARN}${name}${qualifier ? `:${qualifier}` : ''}` },
        ...(qualifier ? { qualifier } : {}),
      }),
      enqueue: async () => undefined,
      resolve: async (_scope, name) => {
        if (name === 'absent') throw new LambdaError('ResourceNotFoundException', 'Function not found');
        return toFunctionVersion(name, { version: '7' });
      },
      mayLoop: () => false,
      parseEvent: (body) => body,
      invoke: async (invocation) => {
        invoked.push(invocation);
        return outcomeOf?.(invocation) ?? { kind: 'succeeded', payload: invocation.event, ...REPORT };
      },
      toResult: (_invocation, outcome) => {
        if (outcome.kind === 'refused') throw new LambdaError('TooManyRequestsException', 'Rate Exceeded.');
        return outcome.kind === 'succeeded'
          ? { payload: outcome.payload, failed: false }
          : { payload: '{"errorType":"E"}', failed: true };
      },
      clock: () => 5,
      ...more,
    }),
  );
  return { call, invoked };
}

describe('invoke', () => {
  it('invokes another function and answers its result', async () => {
    const { call, invoked } = open();
    const { head, text } = await call({ op: 'invoke', function: 'g', qualifier: 'live' }, { body: '{"a":1}' });
    expect(head).toEqual({ status: 200, requestId: invoked[0]?.requestId, executedVersion: '7' });
    expect(text).toBe('{"a":1}');
    expect(invoked[0]).toMatchObject({ target: { name: 'g' }, receivedAt: 5 });
  });

  it('answers what went wrong as a value: in the function, before it, and around it', async () => {
    const failing = open({}, () => ({ kind: 'out-of-memory', ...REPORT }));
    const failed = await failing.call({ op: 'invoke', function: 'g' });
    expect(failed.head).toMatchObject({ status: 200, functionError: 'Unhandled' });
    expect(failed.text).toBe('{"errorType":"E"}');
    const full = open({}, () => ({ kind: 'refused', reason: 'CallerRateLimitExceeded', retryAfterSeconds: 1 }));
    expect((await full.call({ op: 'invoke', function: 'g' })).head).toMatchObject(errorOf('TooManyRequestsException'));
    const { call, invoked } = open();
    expect((await call({ op: 'invoke', function: 'absent' })).head).toMatchObject(errorOf('ResourceNotFoundException'));
    expect((await call({ op: 'invoke' })).head).toMatchObject(errorOf('InvalidRequest'));
    expect((await call({ op: 'invoke', function: 'g', type: 'DryRun' })).head).toMatchObject(errorOf('InvalidRequest'));
    const parked = await call({ op: 'invoke', function: 'g' }, { park: () => false });
    expect(parked.head).toMatchObject(errorOf('TooManyWaiting'));
    expect(invoked).toHaveLength(0);
  });

  it('does nothing without a grant, and does not say what there is', async () => {
    const { call, invoked } = open({ grants: grantsOf(`lambda:InvokeFunction ${ARN}g:live`) });
    for (const head of [
      { function: 'g' },
      { function: 'g', qualifier: '1' },
      { function: 'h' },
      { function: 'absent' },
    ]) {
      expect((await call({ op: 'invoke', ...head })).head).toMatchObject(errorOf('AccessDenied'));
    }
    expect(invoked).toHaveLength(0);
    expect((await call({ op: 'invoke', function: 'g', qualifier: 'live' })).head).toMatchObject({ status: 200 });
  });

  it('hands an event over to the queue', async () => {
    const queued: AsyncInvocation[] = [];
    const enqueue: Enqueue = async (event) => void queued.push(event);
    const event = { op: 'invoke', function: 'g', qualifier: 'live', type: 'Event' };
    const { call, invoked } = open({ enqueue });
    expect((await call(event, { park: () => false })).head).toEqual({ status: 202, requestId: expect.any(String) });
    expect(queued).toMatchObject([
      {
        functionName: 'g',
        qualifier: 'live',
        scope: { accountId: '000000000000', region: 'us-east-1' },
        receivedAt: 5,
      },
    ]);
    expect(queued[0]?.traceId).toContain('Lineage=');
    expect(invoked).toHaveLength(0);
    const large = await call(event, { body: new Uint8Array(ASYNC_REQUEST_BYTES + 1) });
    expect(large.head).toMatchObject(errorOf('RequestEntityTooLargeException'));
  });
});

describe('a chain of invocations', () => {
  /** The first of `names` invokes the second and so on, round and round; answers how many were invoked. */
  async function chain(names: readonly string[], turns: number, more: Partial<InvokeDeps> = {}): Promise<number> {
    const { call, invoked } = open(more);
    let traceId = 'Root=1-5-0;Parent=6;Sampled=0';
    for (let turn = 0; turn < turns; turn++) {
      const [from, to] = [names[turn % names.length], names[(turn + 1) % names.length]] as [string, string];
      const { head } = await call({ op: 'invoke', function: to }, { target: { arn: `${ARN}${from}` }, traceId });
      if (head.error) expect(head).toMatchObject(errorOf('RecursiveInvocationException'));
      traceId = invoked.at(-1)?.traceId ?? traceId;
      expect(traceId).toMatch(/^Root=1-5-0;Parent=6;Sampled=0;Lineage=[0-9a-f]{8}:\d+(\|[0-9a-f]{8}:\d+)*$/);
    }
    return invoked.length;
  }

  it('ends when a function comes for the seventeenth time', async () => {
    expect(await chain(['f'], 20)).toBe(15);
    expect(await chain(['f', 'g', 'h'], 60)).toBe(3 * 16 - 1);
  });

  it('goes on where the function may loop', async () => {
    expect(await chain(['f'], 40, { mayLoop: () => true })).toBe(40);
  });

  it('may pass many functions, and not any number of them', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `f${index}`);
    expect(await chain(names, 30)).toBe(30);
    expect(await chain(names, 60)).toBeLessThanOrEqual(32);
  });

  it('counts from nothing when the header is not ours', async () => {
    for (const traceId of [
      '',
      'Root=1',
      'Lineage=',
      'Lineage=xyz',
      'Lineage=|||:::',
      'Lineage=00000000:x',
      `Lineage=${'a|'.repeat(9_000)}`,
    ]) {
      const { call } = open();
      expect((await call({ op: 'invoke', function: 'g' }, { traceId })).head).toMatchObject({ status: 200 });
    }
  });
});
