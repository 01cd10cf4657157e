/** A seat of a thread whose guest runs long: nobody's, of one that runs, of one that rests. */
const FREE = 0;
const RUNNING = 1;
const RESTING = 2;
/** Cells before those of the seats: how many threads have quick work, when some came last, in milliseconds, and the cores. */
const BUSY = 0;
const LAST = 1;
const CORES = 2;
/** A core is kept for quick work for so many milliseconds after some has come: there may be more, and the main thread has it first. */
const KEPT_MS = 20;
const FIRST_SEAT = 3;
const SEAT_BYTES = 12;

/**
 * Who may use the processor, in memory that all threads share. Quick work goes first: guests that run long have the cores that
 * it leaves, and take turns on those by how much they have had.
 *
 *     cells:  | busy | last | cores | state of seat 0 | 1 | 2 | ...
 *     times:  | seat 0 | 1 | 2 | ...          milliseconds had, over the guest's part of a core
 */
export class Turns {
  readonly shared: SharedArrayBuffer;
  readonly #cores: number;
  readonly #cells: Int32Array;
  readonly #times: Float64Array;
  readonly #seats: number;

  /** The turns that another thread has made. */
  constructor(shared: SharedArrayBuffer) {
    this.shared = shared;
    this.#seats = (this.shared.byteLength - FIRST_SEAT * 4) / SEAT_BYTES;
    this.#times = new Float64Array(this.shared, 0, this.#seats);
    this.#cells = new Int32Array(this.shared, this.#seats * 8);
    this.#cores = Atomics.load(this.#cells, CORES);
  }

  static create(seats: number, cores: number): Turns {
    const shared = new SharedArrayBuffer(seats * SEAT_BYTES + FIRST_SEAT * 4);
    Atomics.store(new Int32Array(shared, seats * 8), CORES, cores);
    return new Turns(shared);
  }

  /** One thread more, or one less, has quick work. */
  countBusy(change: 1 | -1): void {
    Atomics.add(this.#cells, BUSY, change);
    if (change < 0) this.grant();
    else Atomics.store(this.#cells, LAST, Date.now() | 0);
  }

  /** Cores for guests that run long. */
  get left(): number {
    const busy = Atomics.load(this.#cells, BUSY);
    if (busy > 0 || this.#cores === 1) return this.#cores - busy;
    return this.#cores - (this.#wasBusy ? 1 : 0);
  }

  /** True while there is some, or was just now. */
  get hasQuickWork(): boolean {
    return Atomics.load(this.#cells, BUSY) > 0 || this.#wasBusy;
  }

  get #wasBusy(): boolean {
    const idle = ((Date.now() | 0) - Atomics.load(this.#cells, LAST)) | 0;
    return idle >= 0 && idle < KEPT_MS;
  }

  /** Takes a seat for a guest that runs and has had `time`: it begins with as much as the one that has had least, if that is more. */
  join(seat: number, time: number): void {
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < this.#seats; other++) {
      if (other !== seat && this.#stateOf(other) !== FREE) least = Math.min(least, this.#timeOf(other));
    }
    this.#times[seat] = Number.isFinite(least) ? Math.max(least, time) : time;
    Atomics.store(this.#cells, FIRST_SEAT + seat, RUNNING);
  }

  /** Frees a seat, and lets another go on for it; answers what it has had. */
  leave(seat: number): number {
    Atomics.store(this.#cells, FIRST_SEAT + seat, FREE);
    this.grant();
    return this.#timeOf(seat);
  }

  /** The guest of a seat has run for so long, in milliseconds over its part of a core. */
  charge(seat: number, time: number): void {
    this.#times[seat] = this.#timeOf(seat) + time;
  }

  /** May it go on? `due` when its turn is over and those that rest come before it, if they have had less. */
  mayGoOn(seat: number, turn: 'lasts' | 'due'): boolean {
    const { left } = this;
    let before = 0;
    let running = 1;
    let resting = 0;
    for (let other = 0; other < this.#seats; other++) {
      const state = other === seat ? FREE : this.#stateOf(other);
      if (state === FREE) continue;
      if (state === RUNNING) running++;
      else resting++;
      if ((state === RUNNING || turn === 'due') && this.#isBefore(other, seat)) before++;
    }
    if (before >= left) return false;
    if (resting > 0 && running < left) this.grant();
    return true;
  }

  /** Rests, for so many milliseconds at most; answers whether it may go on now. */
  rest(seat: number, ms: number): boolean {
    Atomics.wait(this.#cells, FIRST_SEAT + seat, RESTING, ms);
    return this.#stateOf(seat) !== RESTING;
  }

  /** Sleeps for so many milliseconds and as long as the system takes to notice, some 0.1, with the seat as it is. */
  pause(seat: number, ms: number): void {
    Atomics.wait(this.#cells, FIRST_SEAT + seat, RUNNING, ms);
  }

  beginRest(seat: number): void {
    Atomics.store(this.#cells, FIRST_SEAT + seat, RESTING);
    this.grant();
  }

  endRest(seat: number): void {
    Atomics.store(this.#cells, FIRST_SEAT + seat, RUNNING);
  }

  /** True of one that rests and that no other one comes before. */
  isNext(seat: number): boolean {
    return this.#next() === seat;
  }

  /** True when all that run long rest. */
  get allRest(): boolean {
    return this.#running === 0;
  }

  /** Lets as many go on as there are cores for, those that have had least first. */
  grant(): void {
    for (let { left } = this, running = this.#running; running < left; running++) {
      const next = this.#next();
      if (next < 0) return;
      Atomics.compareExchange(this.#cells, FIRST_SEAT + next, RESTING, RUNNING);
      Atomics.notify(this.#cells, FIRST_SEAT + next);
    }
  }

  get #running(): number {
    let running = 0;
    for (let seat = 0; seat < this.#seats; seat++) if (this.#stateOf(seat) === RUNNING) running++;
    return running;
  }

  #next(): number {
    let next = -1;
    for (let seat = 0; seat < this.#seats; seat++) {
      if (this.#stateOf(seat) === RESTING && (next < 0 || this.#isBefore(seat, next))) next = seat;
    }
    return next;
  }

  #isBefore(seat: number, other: number): boolean {
    const [time, otherTime] = [this.#timeOf(seat), this.#timeOf(other)];
    return time < otherTime || (time === otherTime && seat < other);
  }

  #stateOf(seat: number): number {
    return Atomics.load(this.#cells, FIRST_SEAT + seat);
  }

  #timeOf(seat: number): number {
    return this.#times[seat] as number;
  }
}
