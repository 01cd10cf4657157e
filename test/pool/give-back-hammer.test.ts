import { expect, it } from 'vitest';
import { type ServeHostCall, toHostAnswer, toHostError } from '../../runtime/contract/host-call.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { Admission } from '../../runtime/dispatch/index.ts';
import { toFunctionVersion } from '../support/function-version.ts';
import { assemble } from '../support/wat.ts';
import { FAILING, startPool } from './fixture.ts';

const ROUNDS = Number(process.env.ISOLA_HAMMER_ROUNDS ?? 2_000);
const AT_A_TIME = 60;

/** Says to the host that it runs, with its event; then does what the event's first letter says. */
const TELLING = assemble(`(module
  (import "isola" "call" (func $call (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "isola_alloc") (param $len i32) (result i32) (i32.const 1024))
  (func (export "handler") (param $ptr i32) (param $len i32) (result i64) (local $letter i32)
    (drop (call $call (local.get $ptr) (local.get $len) (i32.const 0) (i32.const 0)))
    (local.set $letter (i32.load8_u offset=1 (local.get $ptr)))
    (if (i32.eq (local.get $letter) (i32.const 0x74)) (then unreachable))
    (loop $spin (br_if $spin (i32.eq (local.get $letter) (i32.const 0x73))))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32)) (i64.extend_i32_u (local.get $len)))))`);

const KINDS = [
  { name: 'quick', share: 820, timeoutMs: 60_000, ends: 'succeeded' },
  { name: 'trap', share: 80, timeoutMs: 60_000, ends: 'function-error' },
  { name: 'wait', share: 60, timeoutMs: 60_000, ends: 'succeeded' },
  { name: 'spin', share: 35, timeoutMs: 40, ends: 'timed-out' },
  { name: 'exit', share: 5, timeoutMs: 60_000, ends: 'succeeded' },
] as const;
type Kind = (typeof KINDS)[number];

/** The kind of a round, the same in every run. */
function kindOf(round: number): Kind {
  let left = (Math.imul(round + 1, 2_654_435_761) >>> 0) % 1_000;
  for (const kind of KINDS) {
    left -= kind.share;
    if (left < 0) return kind;
  }
  return KINDS[0];
}

it('each of thousands of invocations that are quick, long, wait, trap or end their thread ends once and runs once', async () => {
  const runs = new Map<string, number>();
  const hostCalls: ServeHostCall = async ({ head, park, signal }) => {
    const event = Buffer.from(head).toString();
    runs.set(event, (runs.get(event) ?? 0) + 1);
    if (!event.startsWith('"wait')) return toHostAnswer({});
    if (!park()) return toHostError('Full', 'no thread');
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, 3);
      signal.addEventListener('abort', () => resolve(clearTimeout(timer)));
    });
    return toHostAnswer({});
  };
  const { pool, deaths } = await startPool(
    {
      ...{ threads: 4, mostParked: 8, mostAside: 2, hostCalls, entry: FAILING },
      turns: {
        grown: () => admission.refill(),
        isSlow: (invocation) => admission.isSlow(invocation),
        ranLong: (invocation) => admission.ranLong(invocation),
        settled: (invocation) => admission.settled(invocation),
      },
    },
    Object.fromEntries(KINDS.map(({ name }) => [name, TELLING])),
  );
  const limits = { queuePerFunction: 1_000, accountConcurrency: 1_000, slow: { capacity: 10, untold: 2 } };
  const admission: Admission = new Admission({ ...limits, capacity: () => pool.capacity }, pool.invoke);

  let exits = 0;
  const ended = new Map<string, Outcome[]>();
  const one = async (round: number): Promise<void> => {
    const { name, timeoutMs } = kindOf(round);
    const event = name === 'exit' ? '"exit"' : `"${name} ${round}"`;
    if (name === 'exit') exits++;
    const outcome = await admission.invoke({
      ...{ requestId: `${round}`, traceId: '', receivedAt: Date.now(), event: Buffer.from(event) },
      target: toFunctionVersion(name, { timeoutMs }),
    });
    ended.set(`${round}`, [...(ended.get(`${round}`) ?? []), outcome]);
  };
  let next = 0;
  const callers = Array.from({ length: AT_A_TIME }, async () => {
    while (next < ROUNDS) await one(next++);
  });
  await Promise.all(callers);

  expect(exits).toBeGreaterThan(0);
  expect(deaths.length).toBeLessThanOrEqual(exits);
  expect(ended.size).toBe(ROUNDS);
  const seen = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const { name, ends } = kindOf(round);
    const [outcome, ...more] = ended.get(`${round}`) ?? [];
    const ran = runs.get(`"${name} ${round}"`) ?? 0;
    const { kind } = outcome as Outcome;
    seen.set(`${name} ${kind}`, (seen.get(`${name} ${kind}`) ?? 0) + 1);
    expect({ round, name, more, ran: ran <= 1 }).toEqual({ round, name, more: [], ran: true });
    expect([ends, 'crashed', 'function-error']).toContain(kind);
    if (kind === ends && name !== 'spin' && name !== 'exit')
      expect({ round, name, ran }).toEqual({ round, name, ran: 1 });
  }
  for (const { name, ends } of KINDS) if (name !== 'exit') expect(seen.get(`${name} ${ends}`)).toBeGreaterThan(0);
  expect(
    [...seen].filter(([key]) => key.endsWith('crashed')).reduce((sum, [, count]) => sum + count, 0),
  ).toBeGreaterThanOrEqual(deaths.length);
  expect(runs.get('"exit"') ?? 0).toBeLessThanOrEqual(exits);
  expect([admission.running, admission.queued, pool.statistics.inFlight]).toEqual([0, 0, 0]);
  expect(pool.capacity).toBe(pool.statistics.threads * 16);
}, 600_000);
