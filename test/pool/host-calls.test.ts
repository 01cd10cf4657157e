import { describe, expect, it } from 'vitest';
import { type HostCall, type ServeHostCall, toHostAnswer, toHostError } from '../../runtime/contract/host-call.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { startPool, textOf } from './fixture.ts';

const fuelOf = (outcome: Outcome): number => ('report' in outcome ? outcome.report.fuel : Number.NaN);
const echo: ServeHostCall = async ({ head, body }) => ({ head: head.slice(), body: body.slice() });

/** Host calls that stay open until the test answers them. */
function holdCalls(): {
  readonly calls: HostCall[];
  readonly serve: ServeHostCall;
  arrived(count: number): Promise<void>;
} {
  const calls: HostCall[] = [];
  let look = (): void => undefined;
  return {
    calls,
    serve(call) {
      if (!call.park()) return Promise.resolve(toHostError('Full', 'no thread'));
      return new Promise((resolve) => {
        calls.push(call);
        call.signal.addEventListener('abort', () => resolve(toHostError('Late', 'nobody waits')));
        answers.set(call, () => resolve(toHostAnswer({ ok: true })));
        look();
      });
    },
    arrived: (count) =>
      new Promise((resolve) => {
        look = () => calls.length >= count && resolve();
        look();
      }),
  };
}
const answers = new WeakMap<HostCall, () => void>();

const noTurns = { isSlow: () => false, ranLong: () => undefined, settled: () => undefined };

describe('a host call', () => {
  it('carries bytes to the main thread and back, for as many at once as come', async () => {
    const { invoke } = await startPool({ threads: 2, hostCalls: echo });
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, index) => invoke('caller', { index })));
    expect(outcomes.map(textOf)).toEqual(
      Array.from({ length: 200 }, (_, index) => `{"index":${index}}\n{"index":${index}}`),
    );
  });

  it('knows whose it is', async () => {
    const hostCalls: ServeHostCall = async ({ invocation }) => toHostAnswer({ from: invocation.target.arn });
    const { invoke } = await startPool({ threads: 1, hostCalls });
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
    expect(textOf(await invoke('caller', {}, { arn }))).toBe(`{"from":"${arn}"}\n`);
  });

  it('is refused, as a value, where nothing is offered and when serving it fails', async () => {
    const without = await startPool({ threads: 1 });
    expect(textOf(await without.invoke('caller'))).toContain('"NotAvailable"');
    const failing = await startPool({ threads: 1, hostCalls: () => Promise.reject(new Error('broken')) });
    expect(textOf(await failing.invoke('caller'))).toContain('"ServiceFailure"');
  });

  it('costs fuel by the call and byte, and none for waiting', async () => {
    const slow: ServeHostCall = (call) => new Promise((resolve) => setTimeout(() => resolve(echo(call)), 100));
    const [quick, slowly] = [
      await startPool({ threads: 1, hostCalls: echo }),
      await startPool({ threads: 1, hostCalls: slow }),
    ];
    const short = await quick.invoke('caller', 'x');
    expect(fuelOf(await slowly.invoke('caller', 'x'))).toBe(fuelOf(short));
    const long = await quick.invoke('caller', 'x'.repeat(1_600));
    expect(fuelOf(long) - fuelOf(short)).toBeGreaterThanOrEqual(400);
  });

  it('ends with the invocation, as timed out, and its thread lives on', async () => {
    const held = holdCalls();
    const { invoke, deaths } = await startPool({ threads: 1, mostParked: 1, hostCalls: held.serve });
    const outcome = await invoke('caller', {}, { timeoutMs: 100 });
    expect(outcome).toMatchObject({ kind: 'timed-out', cause: 'deadline', limit: 100 });
    expect(held.calls[0]?.signal.aborted).toBe(true);
    expect(textOf(await invoke('echo', 1))).toBe('1');
    expect(deaths).toEqual([]);
  });

  it('lets others go on: those behind it, and as many as would otherwise', async () => {
    const held = holdCalls();
    let grown = 0;
    const { invoke, pool } = await startPool({
      ...{ threads: 2, mostParked: 8, hostCalls: held.serve },
      turns: { ...noTurns, grown: () => grown++ },
    });
    const waiting = Array.from({ length: 8 }, () => invoke('caller', {}, { timeoutMs: 20_000 }));
    await held.arrived(8);
    expect(pool.capacity).toBeGreaterThan(8);
    expect(grown).toBe(8);
    const echoes = await Promise.all(Array.from({ length: 40 }, (_, index) => invoke('echo', index)));
    expect(echoes.map(textOf)).toEqual(Array.from({ length: 40 }, (_, index) => String(index)));
    expect(pool.statistics.threads).toBeLessThanOrEqual(10);
    for (const call of held.calls) answers.get(call)?.();
    expect((await Promise.all(waiting)).map(textOf)).toEqual(Array.from({ length: 8 }, () => '{"ok":true}\n'));
  });

  it('is told when no more threads may wait', async () => {
    const held = holdCalls();
    const { invoke } = await startPool({ threads: 1, mostParked: 1, hostCalls: held.serve });
    const first = invoke('caller', {}, { timeoutMs: 20_000 });
    await held.arrived(1);
    expect(textOf(await invoke('caller'))).toContain('"Full"');
    for (const call of held.calls) answers.get(call)?.();
    expect(textOf(await first)).toBe('{"ok":true}\n');
  });

  it('may wait for invocations that call the host themselves', async () => {
    const pools: { invoke?: (depth: number) => Promise<Outcome> } = {};
    const hostCalls: ServeHostCall = async ({ head, park }) => {
      const depth = Number(Buffer.from(head).toString());
      if (depth === 0) return toHostAnswer({ depth });
      if (!park()) return toHostError('Full', 'no thread');
      const outcome = await pools.invoke?.(depth - 1);
      return toHostAnswer({ depth }, outcome?.kind === 'succeeded' ? outcome.payload : undefined);
    };
    const { invoke } = await startPool({ threads: 2, mostParked: 12, hostCalls });
    pools.invoke = (depth) => invoke('caller', depth, { timeoutMs: 20_000 });
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => pools.invoke?.(4)));
    for (const outcome of outcomes) expect(textOf(outcome as Outcome)).toMatch(/^\{"depth":4\}\n|"Full"/);
    expect(textOf((await pools.invoke?.(4)) as Outcome)).toBe(
      '{"depth":4}\n{"depth":3}\n{"depth":2}\n{"depth":1}\n{"depth":0}\n',
    );
  });

  it('of a thread that is ended is dropped, and the invocation crashes as any other', async () => {
    const held = holdCalls();
    const { invoke, pool } = await startPool({ threads: 1, mostParked: 1, hostCalls: held.serve });
    const waiting = invoke('caller', {}, { timeoutMs: 20_000 });
    await held.arrived(1);
    await pool.close();
    expect(held.calls[0]?.signal.aborted).toBe(true);
    expect(await waiting).toMatchObject({ kind: 'crashed' });
  });

  it('may be made ten thousand times', async () => {
    const { invoke } = await startPool({ threads: 1, hostCalls: echo });
    expect(textOf(await invoke('many-calls', 'last', { timeoutMs: 60_000 }))).toBe('"last"');
  });
});
