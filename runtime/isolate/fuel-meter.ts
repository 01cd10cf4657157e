import { FUEL_SLICE } from '../contract/limits.ts';
import type { ProcExit } from './wasi/index.ts';

/** Why the guest was stopped: the wall clock, or the total fuel budget. */
export type StopCause = 'deadline' | 'fuel';

/** What one run of the guest may use. */
export interface Allowance {
  /** Fuel in all; Infinity for no bound. */
  readonly fuel: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
}

/**
 * The host's side of fuel. The guest counts down a counter of its own and calls in here when it falls below zero; we
 * charge the slice, look at the clock and the budget, and answer the next slice or -1, at which the guest traps.
 *
 *     granted ----------------------------------------------|
 *     used so far = granted - counter       | next slice    |
 *
 * The slice is constant and the last one is cut to the budget, so fuel used is the same on every machine.
 */
export class FuelMeter {
  /** Fills the guest's refuel slot: a WebAssembly function, as tables hold no JavaScript ones. */
  readonly slot: WebAssembly.ExportValue;
  /** Called at every expired slice with the time in hand, Infinity before a sleep: for whoever waits behind a long invocation. */
  onSlice: ((now: number) => void) | undefined;
  #counter: WebAssembly.Global | undefined;
  #granted = 0;
  /** When the clock was last read, and how many slices may still end before it is read again. */
  #lookedAt = 0;
  #slicesUnwatched = 0;
  #allowance: Allowance = { fuel: 0, deadline: 0 };
  #stopped: StopCause | undefined;
  #ended: Error | ProcExit | undefined;

  constructor() {
    this.slot = new WebAssembly.Instance(relay(), { isola: { refuel: (counter: number) => this.#refuel(counter) } })
      .exports.refuel as WebAssembly.ExportValue;
  }

  /** Connects an instance and grants its first slice of what was armed. */
  attach(counter: WebAssembly.Global, slots: WebAssembly.Table): void {
    this.#counter = counter;
    slots.set(0, this.slot);
    this.begin(this.#allowance);
  }

  /** Says what the next attached instance may use for its initialisation. */
  arm(allowance: Allowance): void {
    this.#counter = undefined;
    this.#allowance = allowance;
    this.#stopped = undefined;
    this.#ended = undefined;
    this.#granted = 0;
  }

  begin(allowance: Allowance): void {
    this.#allowance = allowance;
    this.#stopped = undefined;
    this.#ended = undefined;
    this.#granted = Math.min(FUEL_SLICE, allowance.fuel);
    this.#counterOf().value = this.#granted;
  }

  /** Fuel burnt since `begin`. Exact whenever the guest has returned or called the host. */
  get used(): number {
    return this.#counter ? this.#granted - (this.#counter.value as number) : 0;
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

  #refuel(counter: number): number {
    const used = this.#granted - counter;
    if (used > this.#allowance.fuel) return this.#refuse('fuel', used);
    if (--this.#slicesUnwatched < 0) {
      const now = performance.now();
      if (now > this.#allowance.deadline) return this.#refuse('deadline', used);
      this.#slicesUnwatched = now - this.#lookedAt < FAST_SLICE_MS ? SLICES_PER_LOOK - 1 : 0;
      this.#lookedAt = now;
      this.onSlice?.(now);
    }
    const slice = Math.max(1, Math.min(FUEL_SLICE, this.#allowance.fuel - used));
    this.#granted = used + slice;
    return slice;
  }

  #refuse(cause: StopCause, used: number): number {
    this.#stopped = cause;
    this.#granted = used - 1;
    return -1;
  }

  #counterOf(): WebAssembly.Global {
    if (!this.#counter) throw new Error('the meter is not attached to an instance');
    return this.#counter;
  }
}

/** Reading the clock costs a tenth of a fast slice, so after one of these, in milliseconds, it is read every few slices. */
const FAST_SLICE_MS = 0.02;
const SLICES_PER_LOOK = 4;

/** More debt than this would wrap the guest's 32-bit counter. */
const MAX_DEBT = 2 ** 30;

let relayModule: WebAssembly.Module | undefined;

/** (module (import "isola" "refuel" (func (param i32) (result i32))) (export "refuel" (func 0))) */
function relay(): WebAssembly.Module {
  relayModule ??= new WebAssembly.Module(
    Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
      ...[2, 16, 1, 5, ...ascii('isola'), 6, ...ascii('refuel'), 0, 0],
      ...[7, 10, 1, 6, ...ascii('refuel'), 0, 0],
    ),
  );
  return relayModule;
}

let trapFunction: (() => never) | undefined;

/** (module (func (export "t") unreachable)): a trap passes every handler of the guest, which an exception would not. */
export function trap(): never {
  trapFunction ??= new WebAssembly.Instance(
    new WebAssembly.Module(
      Uint8Array.of(
        ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
        ...[7, 5, 1, 1, 0x74, 0, 0, 10, 5, 1, 3, 0, 0, 0x0b],
      ),
    ),
  ).exports.t as () => never;
  return trapFunction();
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}
