import { setTimeout as pause } from 'node:timers/promises';
import { createNaive, createOriginal, createOurs, type Variant } from './fuel-variants.ts';
import type { Kernel } from './kernels.ts';
import { median } from './statistics.ts';

/** How long to measure. */
export interface Effort {
  /** Until the engine has optimised a variant, per variant. */
  readonly warmMs: number;
  /** Runs of each variant that are compared. */
  readonly pairs: number;
}

/** What fuel costs one kernel, as ratios to the unmodified module: medians of runs made back to back. */
export interface Overhead {
  readonly kernel: string;
  readonly originalMs: number;
  readonly ours: number;
  readonly naive: number;
  /** Artifact bytes over module bytes. */
  readonly oursBytes: number;
  readonly naiveBytes: number;
  /** Fuel burnt in a millisecond: how long a slice is in time. */
  readonly fuelPerMs: number;
}

/** Long beside the clock's grain, short beside whatever else the machine does. */
const RUN_MS = 2;

export async function measureOverhead(kernel: Kernel, { warmMs, pairs }: Effort): Promise<Overhead> {
  const original = createOriginal(kernel);
  const ours = createOurs(kernel);
  const naive = createNaive(kernel);
  const order = [original, ours, naive];
  assertAgree(kernel, order, 40);
  for (const variant of order) await warm(variant, warmMs);
  const rounds = roundsFor(original);
  assertAgree(kernel, order, rounds);

  const toOurs: number[] = [];
  const toNaive: number[] = [];
  const originals: number[] = [];
  let fuel = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const times = new Map(order.map((variant) => [variant, timeRun(variant, rounds)]));
    const base = times.get(original)!;
    originals.push(base);
    toOurs.push(times.get(ours)! / base);
    toNaive.push(times.get(naive)! / base);
    fuel = ours.used();
    order.reverse();
  }
  const originalMs = median(originals);
  return {
    kernel: kernel.name,
    originalMs,
    ours: median(toOurs),
    naive: median(toNaive),
    oursBytes: ours.bytes / original.bytes,
    naiveBytes: naive.bytes / original.bytes,
    fuelPerMs: fuel / (median(toOurs) * originalMs),
  };
}

/** Milliseconds of processor time, so that whatever else the machine does does not count. */
function timeRun(variant: Variant, rounds: number): number {
  variant.begin();
  const began = process.cpuUsage();
  variant.run(rounds);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

/** Runs in short turns with breaks in between, in which optimised code takes the place of the first. */
async function warm(variant: Variant, warmMs: number): Promise<void> {
  for (let spent = 0, rounds = 1; spent < warmMs; ) {
    const turn = timeRun(variant, rounds);
    spent += turn;
    if (turn < RUN_MS) rounds *= 2;
    else await pause(1);
  }
  await pause(20);
}

function roundsFor(variant: Variant): number {
  const quickest = (rounds: number): number => Math.min(...[1, 2, 3, 4, 5].map(() => timeRun(variant, rounds)));
  let rounds = 1;
  let took = quickest(rounds);
  while (took < RUN_MS) {
    rounds *= 2;
    took = quickest(rounds);
  }
  return Math.max(1, Math.round((rounds * RUN_MS) / took));
}

function assertAgree(kernel: Kernel, variants: readonly Variant[], rounds: number): void {
  const results = variants.map((variant) => {
    variant.begin();
    return variant.run(rounds);
  });
  if (results.some((result) => result !== results[0]))
    throw new Error(`${kernel.name} answers differently with fuel: ${results.join(', ')}`);
}
