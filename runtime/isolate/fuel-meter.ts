import { LOWEST_COUNTER } from '../wasm/stubs/lowest-counter.ts';
import type { CpuShare } from './cpu-share.ts';
import type { HeapWatch } from './heap-watch.ts';
import { createRefuelRelay } from './refuel-relay.ts';
import { sleepUntil } from './sleep-until.ts';
import { AdaptiveSliceLength, type SliceLength } from './slice-length.ts';
import { trap } from './trap.ts';
import type { ProcExit } from './wasi/index.ts';

/** Why the guest was stopped: the wall clock, the total fuel budget, or objects beyond its MemorySize. */
export type StopCause = 'deadline' | 'fuel' | 'heap';

/** Of a guest that makes objects: who bounds them, and the guest's word on the array that it is about to make. */
export interface WatchedHeap {
  readonly watch: HeapWatch;
  /** In bytes. */
  readonly pending: WebAssembly.Global;
}

/** What one run of the guest may use; times are on the clock of `performance.now()`. */
export interface Allowance {
  /** Fuel in all; Infinity for no bound. */
  readonly fuel: number;
  readonly began: number;
  readonly deadline: number;
}

/** Times of the clock of `performance.now()`; the answer is `now` for a guest that may go on at once. */
export type TakeTurn = (now: number, deadline: number) => number;

export interface FuelMeterOptions {
  /** Adaptive ones when absent. */
  readonly slices?: SliceLength;
  /** What the guest may have of a core; all of it when absent. */
  readonly share?: CpuShare;
  /** Holds the guest up while it is others' turn, until its deadline at most; answers when it goes on. */
  readonly turn?: TakeTurn;
  /** How the thread rests until then, telling `onSlice` of it. */
  readonly rest?: typeof sleepUntil;
}

/**
 * The host's side of fuel. The guest counts down a counter of its own and calls in here when it falls below zero; we
 * charge the slice, look at the clock and the budget, and answer the next slice or -1, at which the guest traps.
 *
 *     granted ----------------------------------------------|
 *     used so far = granted - counter       | next slice    |
 *
 * Fuel used is the same on every machine, whatever the slices were: they only say when we are asked, and the last one is
 * cut to the budget. While the guest counts in a local, the global says so once we have granted for it, and `synced` is what
 * was used when the two last agreed; a guest that traps there has used that much.
 */
export class FuelMeter {
  /** Fills the guest's refuel slot. */
  readonly slot: WebAssembly.ExportValue;
  /** Called at every expired slice with the time in hand, Infinity before a sleep: for whoever waits behind a long invocation. */
  onSlice: ((now: number) => void) | undefined;
  readonly #slices: SliceLength;
  readonly #share: CpuShare | undefined;
  readonly #turn: TakeTurn | undefined;
  readonly #rest: typeof sleepUntil;
  #counter: WebAssembly.Global | undefined;
  #heap: WatchedHeap | undefined;
  #granted = 0;
  #synced = 0;
  /** When the slice began, and what was used then. */
  #since = 0;
  #seen = 0;
  #allowance: Allowance = { fuel: 0, began: 0, deadline: 0 };
  #stopped: StopCause | undefined;
  /** Used when a refuel was refused. */
  #refusedAt: number | undefined;
  #ended: Error | ProcExit | undefined;

  constructor({ slices = new AdaptiveSliceLength(), share, turn, rest = sleepUntil }: FuelMeterOptions = {}) {
    this.#slices = slices;
    this.#share = share;
    this.#turn = turn;
    this.#rest = rest;
    this.slot = createRefuelRelay((counter, synced) => this.#refuel(counter, synced));
  }

  /** Connects an instance and grants its first slice of what was armed. */
  attach(counter: WebAssembly.Global, slots: WebAssembly.Table, heap?: WatchedHeap): void {
    this.#counter = counter;
    this.#heap = heap;
    slots.set(0, this.slot);
    this.begin(this.#allowance);
  }

  /** Says what the next attached instance may use for its initialisation. */
  arm(allowance: Allowance): void {
    this.#counter = undefined;
    this.#heap = undefined;
    this.#clear(allowance);
    this.#granted = 0;
  }

  /** Lets go of the instance, whose globals would keep all of its objects. */
  detach(): void {
    this.#counter = undefined;
    this.#heap = undefined;
  }

  begin(allowance: Allowance): void {
    this.#clear(allowance);
    this.#heap?.watch.begin();
    this.#since = allowance.began;
    this.#share?.begin(allowance.began);
    this.#granted = Math.min(this.#slices.first(), allowance.fuel);
    this.#counterOf().value = this.#granted;
  }

  /** Fuel burnt since `begin`: all of it when the guest has returned or called the host, else what its last sync says. */
  get used(): number {
    if (!this.#counter) return 0;
    if (this.#refusedAt !== undefined) return this.#refusedAt;
    return this.#usedAt(this.#counter.value as number);
  }

  /** Set once the guest was told to stop. */
  get stopped(): StopCause | undefined {
    return this.#stopped;
  }

  get deadline(): number {
    return this.#allowance.deadline;
  }

  /** Host calls cost fuel too; a guest that owes is stopped at its next check. */
  charge(units: number): void {
    const counter = this.#counterOf();
    const owed = (counter.value as number) - units;
    counter.value = Math.max(owed, -MAX_DEBT);
    if (owed < -MAX_DEBT) this.#granted += -MAX_DEBT - owed;
  }

  /** The guest waited so long, in milliseconds, for what the host does: that says nothing of its speed, nor is it its turn's. */
  rested(ms: number): void {
    this.#since += ms;
    this.#share?.rested(ms);
  }

  /** Holds the guest up, which has run until now, while it is not its turn; answers when it goes on. */
  takeTurn(now: number): number {
    const { deadline } = this.#allowance;
    const resumed = this.#turn?.(now, deadline) ?? now;
    if (resumed > now) this.rested(resumed - now);
    const until = Math.min(this.#share?.resumesAt(resumed) ?? resumed, deadline);
    if (until <= resumed) return resumed;
    this.#rest(until, this.onSlice);
    const rested = performance.now();
    this.#share?.begin(rested);
    return rested;
  }

  /** What a host call ended the guest with; to be taken for the trap that it then ends by. */
  get ended(): Error | ProcExit | undefined {
    return this.#ended;
  }

  /** Ends the guest from inside a host call: thrown as it is, a guest's catch_all would catch it. */
  end(how: Error | ProcExit): never {
    this.#ended = how;
    return trap();
  }

  /** Stops the guest from inside a host call, in a way that it cannot catch. */
  stop(cause: StopCause): never {
    this.#stopped = cause;
    return trap();
  }

  /** A guest that caught the end of its stack where we were about to be asked has no counter left, and loses what was granted. */
  #refuel(counter: number, global: number): number {
    const used = counter > LOWEST_COUNTER ? this.#granted - counter : this.#granted;
    const synced = counter === global ? used : this.#usedAt(global);
    const { fuel, deadline } = this.#allowance;
    if (used > fuel) return this.#refuse('fuel', used);
    const now = performance.now();
    if (now > deadline) return this.#refuse('deadline', used);
    const heap = this.#heap?.watch.whyStop({
      pending: this.#heap.pending.value as number,
      ...{ burnt: used, msLeft: deadline - now },
    });
    if (heap) return this.#refuse(heap, used);
    this.onSlice?.(now);
    const ran = now - this.#since;
    const resumed = this.takeTurn(now);
    if (resumed > deadline) return this.#refuse('deadline', used);
    const slice = Math.min(this.#slices.next(ran, used - this.#seen, deadline - resumed), fuel - used);
    this.#since = resumed;
    this.#seen = used;
    this.#synced = synced;
    this.#granted = used + slice;
    return slice;
  }

  /** What a value of the guest's global says of the fuel used. */
  #usedAt(global: number): number {
    return global > LOWEST_COUNTER ? this.#granted - global : this.#synced;
  }

  #refuse(cause: StopCause, used: number): number {
    this.#stopped = cause;
    this.#refusedAt = used;
    return -1;
  }

  #clear(allowance: Allowance): void {
    this.#allowance = allowance;
    this.#stopped = undefined;
    this.#refusedAt = undefined;
    this.#ended = undefined;
    this.#synced = 0;
    this.#seen = 0;
  }

  #counterOf(): WebAssembly.Global {
    if (!this.#counter) throw new Error('the meter is not attached to an instance');
    return this.#counter;
  }
}

/** Fuel that a guest may owe for host calls, so that its counter stays above the lowest. */
const MAX_DEBT = 2 ** 30;
