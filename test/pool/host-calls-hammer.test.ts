import { expect, it } from 'vitest';
import { type ServeHostCall, toHostAnswer, toHostError } from '../../runtime/contract/host-call.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { startPool, textOf } from './fixture.ts';

const ROUNDS = Number(process.env.ISOLA_HAMMER_ROUNDS ?? 400);

/** A generator of whole numbers below `limit`, the same in every run. */
function createDice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

it('a pool under host calls that answer, hang, nest and are cut off serves everything else, and keeps nothing', async () => {
  const roll = createDice(7);
  let open = 0;
  const pools: { invoke?: (head: string) => Promise<Outcome> } = {};
  const answer: ServeHostCall = async (call) => {
    const head = JSON.parse(Buffer.from(call.head).toString()) as string;
    if (head.startsWith('quick')) return toHostAnswer({ head });
    if (!call.park()) return toHostError('Full', 'no thread');
    if (head.startsWith('nest')) {
      const outcome = await pools.invoke?.(head.slice('nest '.length));
      return toHostAnswer({ head, kind: outcome?.kind });
    }
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, head.startsWith('slow') ? 5 : 60_000);
      call.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve(undefined);
      });
    });
    return toHostAnswer({ head });
  };
  const hostCalls: ServeHostCall = async (call) => {
    open++;
    try {
      return await answer(call);
    } finally {
      open--;
    }
  };
  const { pool, invoke, deaths } = await startPool({ threads: 3, mostParked: 6, hostCalls });
  pools.invoke = (head) => invoke('caller', head, { revision: 'nested', timeoutMs: 20_000 });
  const one = async (round: number): Promise<void> => {
    const kind = roll(6);
    if (kind === 0) return expect(textOf(await invoke('echo', round, { timeoutMs: 20_000 }))).toBe(String(round));
    if (kind === 1) return expect(await invoke('caller', 'hang', { revision: 'hanging', timeoutMs: 15 })).toBeDefined();
    const head = `${['nest nest quick', 'nest slow', 'quick', 'slow'][kind - 2]} ${round}`;
    const text = textOf(await invoke('caller', head, { timeoutMs: 20_000 }));
    expect(text).toMatch(text.includes('"Full"') ? /^\{"error"/ : new RegExp(`^\\{"head":"${head}"`));
  };
  const workers = Array.from({ length: 24 }, async (_, worker) => {
    for (let round = 0; round < ROUNDS / 24; round++) await one(worker * ROUNDS + round);
  });
  await Promise.all(workers);
  expect(pool.statistics.inFlight).toBe(0);
  expect(pool.statistics.threads).toBeLessThanOrEqual(9);
  expect(pool.capacity).toBe(pool.statistics.threads * 16);
  expect(open).toBe(0);
  expect(deaths).toEqual([]);
}, 600_000);
