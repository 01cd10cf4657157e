import { describe, expect, it } from 'vitest';
import { CpuShare } from '../../runtime/isolate/cpu-share.ts';
import { FuelMeter } from '../../runtime/isolate/fuel-meter.ts';
import { textOf, toInThread } from '../support/in-thread.ts';
import { guest } from '../support/wat.ts';

/** Milliseconds of rest that a guest is told to take which runs for so many, in slices of one. */
function restOf(memoryMb: number, runMs: number): number {
  const share = new CpuShare(memoryMb);
  let now = 0;
  share.begin(now);
  for (let ran = 0; ran < runMs; ran++) {
    now += 1;
    const resumesAt = share.resumesAt(now);
    if (resumesAt > now) share.begin(resumesAt);
    now = resumesAt;
  }
  return now - runMs;
}

describe("a guest's part of a core", () => {
  it.each([
    [1_769, 0],
    [10_240, 0],
    [1_769 / 2, 1_000],
    [1_769 / 10, 9_000],
    [128, 12_820],
  ])('of %d MB makes it rest %d ms in a second of work', (memoryMb, rest) => {
    expect(Math.abs(restOf(memoryMb, 1_000) - rest)).toBeLessThan(30);
  });

  it('lets short work pass without a rest', () => {
    expect(restOf(128, 1)).toBe(0);
    expect(restOf(1_024, 11)).toBe(0);
  });
});

/** A meter of a guest that asks for fuel at every chance, with the rests that its thread was told to take. */
function createMeter(memoryMb: number, leftMs: number) {
  const rests: number[] = [];
  const told: number[] = [];
  const meter = new FuelMeter({
    share: new CpuShare(memoryMb),
    rest(until, onSlice) {
      rests.push(until - performance.now());
      onSlice?.(Number.POSITIVE_INFINITY);
    },
  });
  meter.onSlice = (now) => told.push(now);
  const began = performance.now() - 15;
  meter.arm({ fuel: Number.POSITIVE_INFINITY, began, deadline: performance.now() + leftMs });
  const counter = new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
  meter.attach(counter, new WebAssembly.Table({ element: 'anyfunc', initial: 1, maximum: 1 }));
  const refuel = meter.slot as unknown as (counter: number, global: number) => number;
  return { refuel: () => refuel(-1, -1), rests, told };
}

describe('a thread', () => {
  it('rests between slices once the turn is over, and says so before', () => {
    const { refuel, rests, told } = createMeter(1_769 / 10, 60_000);
    refuel();
    expect(rests).toHaveLength(1);
    expect(rests[0]).toBeGreaterThan(9 * 15 - 1);
    expect(told.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('rests no longer than until the deadline', () => {
    const { refuel, rests } = createMeter(1_769 / 100, 50);
    refuel();
    expect(rests[0]).toBeLessThanOrEqual(50);
  });

  it('of a guest with a whole core never rests', () => {
    const { refuel, rests } = createMeter(1_769, 60_000);
    for (let slice = 0; slice < 100; slice++) refuel();
    expect(rests).toEqual([]);
  });
});

it('a guest with a part of a core answers as any other, for the same fuel, and ends at its deadline', () => {
  const outcomes = (['shared', 'proportional'] as const).map((cpu) =>
    toInThread(guest('counter'), { host: { cpu } }).invoke(),
  );
  expect(outcomes.map(textOf)).toEqual(['1', '1']);
  expect(new Set(outcomes.map((outcome) => 'report' in outcome && outcome.report.fuel)).size).toBe(1);
  const endless = toInThread(guest('spin'), { host: { cpu: 'proportional' }, settings: { timeoutMs: 100 } }).invoke();
  expect(endless).toMatchObject({ kind: 'timed-out', cause: 'deadline' });
});
