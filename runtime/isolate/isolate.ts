import { randomBytes } from 'node:crypto';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { AskHost } from '../contract/host-call.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { ColdStart, Outcome, Report } from '../contract/outcome.ts';
import { setGlobals } from '../snapshot/globals.ts';
import type { MemoryPool } from '../snapshot/memory-pool.ts';
import { restoreTables } from '../snapshot/tables.ts';
import { type CpuMode, CpuShare } from './cpu-share.ts';
import { CurrentCall } from './current-call.ts';
import { toFailedOutcome } from './ending.ts';
import { type Allowance, FuelMeter, type TakeTurn } from './fuel-meter.ts';
import type { ChunkPort } from './guest-output.ts';
import { InvocationLog } from './invocation-log.ts';
import { IsolateMemories } from './isolate-memories.ts';
import { type LinkedGuest, linkGuest } from './linked-guest.ts';
import type { ThreadArtifact } from './prepared.ts';

/** When an invocation got here, and what the way cost. */
export interface Arrival {
  readonly queueMs: number;
  /** Cold phases before the isolate, when this invocation waited for them. */
  readonly compileMs: number;
  readonly workerMs: number;
}

/** What an isolate has of its thread. */
export interface IsolateHost {
  readonly cpu?: CpuMode;
  /** Holds guests up between slices while it is others' turn. */
  readonly turn?: (memoryMb: number, ...args: Parameters<TakeTurn>) => number;
  /** How guests reach what the main thread does for them; nothing is done for them when absent. */
  readonly ask?: AskHost;
}

/**
 * One function in one thread: prepare, restore, invoke, reset.
 *
 *     new --start()--> ready --invoke()--> ready            the image is back, or kept (environment)
 *                        |                   |
 *                        '---- invoke() -----'--> dead      after any failure, or when it cannot be reset
 */
export class Isolate {
  readonly #artifact: ThreadArtifact;
  readonly #version: FunctionVersion;
  readonly #memories: IsolateMemories;
  readonly #log = new InvocationLog();
  readonly #call: CurrentCall;
  readonly #meter: FuelMeter;
  #guest: LinkedGuest | undefined;
  /** Nothing has run since the image came back. */
  #isFresh = false;

  constructor(
    artifact: ThreadArtifact,
    version: FunctionVersion,
    memories: MemoryPool,
    { cpu = 'shared', ask, turn }: IsolateHost = {},
  ) {
    this.#call = new CurrentCall(this.#log, ask);
    this.#artifact = artifact;
    this.#version = version;
    this.#meter = new FuelMeter({
      ...(cpu === 'proportional' ? { share: new CpuShare(version.memoryMb) } : {}),
      ...(turn ? { turn: (now, deadline) => turn(version.memoryMb, now, deadline) } : {}),
    });
    this.#memories = new IsolateMemories(artifact, version.memoryMb, memories);
  }

  /** True when the next invocation finds everything in place. */
  get ready(): boolean {
    return this.#guest !== undefined;
  }

  /**
   * Runs one event to its end, in this thread, synchronously. `onSlice` is told of every expired slice; `stream` takes what
   * the guest streams, when the caller wants that.
   */
  invoke(invocation: Invocation, arrival: Arrival, onSlice?: (now: number) => void, stream?: ChunkPort): Outcome {
    const { timeoutMs, fuelBudget } = this.#version;
    const cold = this.ready ? undefined : { instantiateMs: 0, restoreMs: 0, ...arrival };
    this.#meter.onSlice = onSlice;
    let began = performance.now();
    try {
      if (cold) this.#call.initializationType = 'on-demand';
      if (cold) this.#start(cold, { fuel: fuelBudget, began, deadline: began + timeoutMs });
      began = performance.now();
      this.#call.begin(invocation, Date.now() + timeoutMs, stream);
      this.#meter.begin({ fuel: fuelBudget, began, deadline: began + timeoutMs });
      const guest = this.#guest as LinkedGuest;
      guest.growFailed.value = 0;
      if (this.#isFresh && this.#artifact.repeatsRandom) guest.reseed(randomSeed());
      this.#isFresh = false;
      const payload = guest.abi.invoke(invocation.event);
      const report = this.#report(began, arrival, cold);
      const outcome: Outcome = { kind: 'succeeded', payload, report, log: this.#log.take() };
      this.#afterSuccess();
      return outcome;
    } catch (error) {
      const outcome = toFailedOutcome({
        error,
        meter: this.#meter,
        requestId: invocation.requestId,
        timeoutMs,
        fuelBudget,
        memoryExhausted: this.#guest?.growFailed.value === 1,
        report: this.#report(began, arrival, cold),
        log: this.#log.take(),
      });
      this.dispose();
      return outcome;
    } finally {
      this.#call.end();
    }
  }

  /** What the guest that runs has logged since this was asked last: whole lines. */
  news(): string {
    return this.#log.news();
  }

  /** Starts ahead of an invocation; false when the guest could not be started, which its invocation will find too. */
  prepare(): boolean {
    const began = performance.now();
    const { fuelBudget, timeoutMs } = this.#version;
    try {
      const unseen = { instantiateMs: 0, restoreMs: 0 };
      this.#call.initializationType = 'provisioned-concurrency';
      if (!this.ready) this.#start(unseen, { fuel: fuelBudget, began, deadline: began + timeoutMs });
    } catch {
      this.dispose();
    }
    this.#log.take();
    return this.ready;
  }

  /** Gives the memories back; the isolate may be started again. */
  dispose(): void {
    this.#guest = undefined;
    this.#meter.detach();
    this.#memories.giveBack();
  }

  /** Without an image the guest initialises here, within the allowance of the invocation that waits for it. */
  #start(cold: { instantiateMs: number; restoreMs: number }, allowance: Allowance): void {
    const { manifest, module, files, layers, image, globals } = this.#artifact;
    const began = performance.now();
    this.#meter.arm(allowance);
    const guest = linkGuest({
      ...{ manifest, module, files, layers, memories: this.#memories.take() },
      ...{ version: this.#version, call: this.#call, meter: this.#meter },
    });
    this.#guest = guest;
    const linked = performance.now();
    cold.instantiateMs = linked - began;
    if (image) {
      this.#memories.restore();
      setGlobals(guest.globals, globals);
      restoreTables(guest.tables, image.tables, guest.exports);
      this.#isFresh = true;
    } else {
      guest.initialise();
      guest.heap?.keep();
    }
    cold.restoreMs = performance.now() - linked;
  }

  /** Brings the image back for the next invocation, or forgets the instance where that cannot be done. */
  #afterSuccess(): void {
    const { manifest, globals } = this.#artifact;
    if (!this.#guest || (this.#keepsState && this.#guest.heap?.keep() !== false)) return;
    if (manifest.resettable && this.#memories.reset()) {
      setGlobals(this.#guest.globals, globals);
      this.#isFresh = true;
    } else this.dispose();
  }

  /** Environment reuse, where it has a meaning: a command's `_start` can run once on a memory. */
  get #keepsState(): boolean {
    return this.#version.isolation === 'environment' && this.#artifact.manifest.abi !== 'wasi-command';
  }

  #report(began: number, arrival: Arrival, cold: ColdStart | undefined): Report {
    return {
      durationMs: performance.now() - began,
      fuel: this.#meter.used,
      maxMemoryBytes: this.#memories.bytes + (this.#guest?.heap?.most ?? 0),
      queueMs: arrival.queueMs,
      ...(cold ? { cold } : {}),
    };
  }
}

function randomSeed(): bigint {
  return randomBytes(8).readBigInt64LE();
}
