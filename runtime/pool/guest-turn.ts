import { MEMORY_MB_PER_CORE, QUICK_MS } from '../contract/limits.ts';
import { RunDelay } from './run-delay.ts';
import type { Turns } from './turns.ts';

/** What a guest is that is no quick one: `settled` gives up its place among those of which nothing is known. */
export type Pace = 'long' | 'settled';

/** How often a thread whose guest runs looks for what has come to it, in milliseconds. */
const LOOK_MS = 2;
/** A guest is a long one when it is no quick one after so many slices, or after so many milliseconds; and settled. */
const LONG_SLICES = 4;
const LATE_MS = 8;
const SETTLED_MS = 20;
/** A turn among long ones, in milliseconds. */
const TURN_MS = 4;
/** How often one that runs makes way for quick work, and for how long at least, in milliseconds. */
const WAY_MS = 1;
const PAUSE_MS = 0.02;
/** One that rests looks up after so many milliseconds; the next in turn more often than the others. */
const NAP_MS = { next: 5, others: 50 } as const;

/**
 * A thread's place among those whose guests run long. Its guest goes on while cores are left for it, and rests in between: for
 * quick work as long as there is some, but for one slice in five milliseconds, and for others until they have had as much.
 */
export class GuestTurn {
  readonly #turns: Turns;
  readonly #seat: number;
  /** Asked of a thread that rests, now and then: it takes what has come to it. */
  readonly #lookUp: () => void;
  readonly #delay: { read(): number };
  #began = 0;
  #slices = 0;
  /** Of the time since it began, what it rested, or the system let others run, as far as was looked. */
  #heldUp = 0;
  /** When its thread's delay was last read. */
  #delayed = 0;
  #lookedAt = 0;
  #lookedUp = 0;
  #pace: Pace | undefined;
  #part = 1;
  #hasJoined = false;
  /** What it had when it stepped out. */
  #had = 0;
  #turnBegan = 0;
  #madeWay = 0;
  /** Of what it ran, what it was charged for. */
  #charged = 0;

  constructor(turns: Turns, seat: number, lookUp: () => void, delay: { read(): number } = new RunDelay()) {
    this.#turns = turns;
    this.#seat = seat;
    this.#lookUp = lookUp;
    this.#delay = delay;
  }

  /** A guest begins that nothing is known of. */
  begin(now: number): void {
    this.#began = now;
    this.#lookedUp = now;
    this.#slices = 0;
    this.#heldUp = 0;
    this.#lookedAt = now;
    this.#pace = undefined;
  }

  /** To be asked after every slice: is it time to look for what has come to the thread? */
  isDue(now: number): boolean {
    this.#slices++;
    if (now - this.#lookedUp < LOOK_MS) return false;
    this.#lookedUp = Math.min(now, performance.now());
    return true;
  }

  /**
   * What the guest turns out to be now, when that is new. What held it up says nothing of it: were those that rest taken for
   * settled, more would come in than there are turns for before their deadlines.
   */
  paceAt(now: number): Pace | undefined {
    const ran = this.#ranUntil(now);
    const isLong = ran >= LATE_MS || (ran >= QUICK_MS && this.#slices >= LONG_SLICES);
    const pace = ran >= SETTLED_MS ? 'settled' : isLong ? 'long' : undefined;
    if (pace === this.#pace || this.#pace === 'settled') return undefined;
    this.#pace = pace;
    return pace;
  }

  get isLong(): boolean {
    return this.#pace !== undefined;
  }

  /**
   * To be called between slices of a guest that runs long; answers when it goes on, which is now or after a rest, at its
   * deadline at the latest. Milliseconds on the clock of `performance.now()`.
   */
  take(memoryMb: number, now: number, deadline: number): number {
    if (!this.#hasJoined) this.#join(memoryMb, now);
    this.#charge(now);
    if (this.#turns.mayGoOn(this.#seat, now - this.#turnBegan < TURN_MS ? 'lasts' : 'due')) return this.#makeWay(now);
    this.#turns.beginRest(this.#seat);
    let resumed = now;
    do {
      const nap = this.#turns.isNext(this.#seat) ? NAP_MS.next : NAP_MS.others;
      if (this.#turns.rest(this.#seat, Math.max(0, Math.min(nap, deadline - resumed)))) break;
      this.#lookUp();
      this.#turns.grant();
      resumed = performance.now();
    } while (resumed < deadline && !(this.#turns.allRest && this.#turns.isNext(this.#seat)));
    this.#turns.endRest(this.#seat);
    this.#turnBegan = this.#resumeFrom(now);
    return this.#turnBegan;
  }

  /**
   * Lets the kernel look around while there is quick work: whoever wakes up on the core of a thread that never sleeps waits for
   * the next tick, four milliseconds.
   */
  #makeWay(now: number): number {
    if (now - this.#madeWay < WAY_MS || !this.#turns.hasQuickWork) return now;
    this.#turns.pause(this.#seat, PAUSE_MS);
    this.#madeWay = this.#resumeFrom(now);
    return this.#madeWay;
  }

  /** Answers when that is: the guest was held up since `now`, whatever the system counts of it. */
  #resumeFrom(now: number): number {
    this.#delayed = this.#delay.read();
    this.#lookedAt = performance.now();
    this.#heldUp += this.#lookedAt - now;
    return this.#lookedAt;
  }

  /** The guest waits for something else, until its turn is taken again. */
  stepOut(): void {
    if (!this.#hasJoined) return;
    this.#hasJoined = false;
    this.#had = this.#turns.leave(this.#seat);
  }

  /** The guest has ended; answers for how many of its milliseconds it was held up. */
  end(now: number): number {
    this.stepOut();
    this.#had = 0;
    if (now - this.#began >= QUICK_MS) this.#lookAtDelay(now);
    return this.#heldUp;
  }

  /** The delay since the last look may be older than the guest, which can have been held up for no longer than there was time. */
  #lookAtDelay(now: number): void {
    const delayed = this.#delay.read();
    this.#heldUp += Math.max(0, Math.min(delayed - this.#delayed, now - this.#lookedAt));
    this.#delayed = delayed;
    this.#lookedAt = now;
  }

  /** Of the time until `now`, what held it up is nobody's. */
  #ranUntil(now: number): number {
    this.#lookAtDelay(now);
    return now - this.#began - this.#heldUp;
  }

  #charge(now: number): void {
    const ran = this.#ranUntil(now);
    this.#turns.charge(this.#seat, (ran - this.#charged) / this.#part);
    this.#charged = ran;
  }

  #join(memoryMb: number, now: number): void {
    this.#part = Math.min(1, memoryMb / MEMORY_MB_PER_CORE);
    this.#turns.join(this.#seat, this.#had);
    this.#hasJoined = true;
    this.#turnBegan = now;
    this.#charged = this.#ranUntil(now);
  }
}
