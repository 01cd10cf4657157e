import type { Invocation } from '../contract/invocation.ts';

export interface SlowLaneOptions {
  /** Invocations that may be in it together. */
  readonly capacity: number;
  /** Of those, the ones that may still turn out to be short: threads are found for so many more at a time. */
  readonly untold: number;
}

/**
 * The invocations that are not known to be quick: of functions that run long or wait, and of functions that nobody has seen
 * end. Each has a thread to itself.
 *
 *     waits in its function's queue --enter--> untold --settle--> runs long, or waits for the host --leave-->
 *                                                 '------------------leave (it was short)---------'
 *
 * A function may have one more in here while it has fewer than are free. So one alone gets half, two a third each, and
 * whoever comes finds room, until there are as many such functions as places.
 */
export class SlowLane {
  readonly #options: SlowLaneOptions;
  /** True of those that are still untold. */
  readonly #inside = new Map<Invocation, boolean>();
  readonly #held = new Map<string, number>();
  #untold = 0;

  constructor(options: SlowLaneOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#inside.size;
  }

  /** False when nothing may enter now, of whatever function. */
  get hasRoom(): boolean {
    return this.#untold < this.#options.untold && this.#inside.size < this.#options.capacity;
  }

  has(invocation: Invocation): boolean {
    return this.#inside.size > 0 && this.#inside.has(invocation);
  }

  /** Invocations of a function that are in here. */
  held(arn: string): number {
    return this.#inside.size === 0 ? 0 : (this.#held.get(arn) ?? 0);
  }

  /** May one more enter now? `owed` is one that may have any place that is free, however many its function has. */
  mayEnter({ target }: Invocation, claim: 'owed' | 'shared'): boolean {
    if (!this.hasRoom) return false;
    const free = this.#options.capacity - this.#inside.size;
    return claim === 'owed' || this.held(target.arn) < free;
  }

  /** Takes one in, also one that was thought to be quick, for which there need be no room. */
  enter(invocation: Invocation): void {
    const { arn } = invocation.target;
    this.#inside.set(invocation, true);
    this.#held.set(arn, this.held(arn) + 1);
    this.#untold++;
  }

  /** It is known now that it takes long; false when it was before. */
  settle(invocation: Invocation): boolean {
    if (this.#inside.get(invocation) !== true) return false;
    this.#inside.set(invocation, false);
    this.#untold--;
    return true;
  }

  /** False when it was not inside. */
  leave(invocation: Invocation): boolean {
    if (!this.has(invocation)) return false;
    this.settle(invocation);
    const { arn } = invocation.target;
    const held = this.held(arn) - 1;
    this.#inside.delete(invocation);
    if (held > 0) this.#held.set(arn, held);
    else this.#held.delete(arn);
    return true;
  }
}
