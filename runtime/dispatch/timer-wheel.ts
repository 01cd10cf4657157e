/** Something that is to happen unless it is cancelled before. */
export interface Deadline {
  /** Does nothing to one that was met. */
  cancel(): void;
  /** Begins the wait anew, also of one that was met; not of one that was cancelled. */
  renew(): void;
}

/** Monotonic milliseconds, and one alarm. */
export interface WheelClock {
  now(): number;
  /** Sets the alarm; the one that was set before does not ring any more. */
  ring(afterMs: number, alarm: () => void): void;
}

/** Deadlines are met this late at the most, in milliseconds, and never early; none needs to be finer. */
export const TICK_MS = 32;
/** Those further off than all slots together, 65 seconds, stay while the wheel goes around. */
const SLOTS = 2_048;

/**
 * Many deadlines on one alarm. To add, to cancel and to renew one moves it from list to list, and sets the alarm only where
 * nothing was due earlier. An alarm whose deadlines were all cancelled rings once more, and is not set again.
 *
 * ```
 * slots  | 0 | 1 | 2 | 3 | ...     of a deadline: its tick modulo their number
 *              |       '-> entry <-> entry
 *              '-> entry           its tick: milliseconds / TICK_MS, rounded up
 * ```
 */
export class TimerWheel {
  readonly #clock: WheelClock;
  readonly #slots: Link[] = [];
  /** What was due until then was met. */
  #tick: number;
  /** When the alarm rings. */
  #alarmTick = Number.POSITIVE_INFINITY;

  constructor(clock: WheelClock) {
    this.#clock = clock;
    this.#tick = Math.floor(clock.now() / TICK_MS);
  }

  /** Calls `expire` after `ms` milliseconds; it must not throw. */
  after(ms: number, expire: () => void): Deadline {
    const entry = new Entry(ms, expire, this.#place);
    this.#place(entry);
    return entry;
  }

  readonly #place = (entry: Entry): void => {
    const tick = Math.max(this.#tick + 1, Math.ceil((this.#clock.now() + entry.ms) / TICK_MS));
    entry.tick = tick;
    entry.remove();
    entry.insertBefore(this.#slot(tick));
    if (tick < this.#alarmTick) this.#setAlarm(tick);
  };

  #slot(tick: number): Link {
    const index = tick % SLOTS;
    this.#slots[index] ??= new Link();
    return this.#slots[index];
  }

  #setAlarm(tick: number): void {
    this.#alarmTick = tick;
    this.#clock.ring(Math.max(0, tick * TICK_MS - this.#clock.now()), () => this.#turn());
  }

  #turn(): void {
    const first = this.#tick + 1;
    this.#tick = Math.max(this.#tick, Math.floor(this.#clock.now() / TICK_MS));
    const due: Entry[] = [];
    for (let tick = first; tick <= Math.min(this.#tick, first + SLOTS - 1); tick++) this.#takeDue(tick, due);
    this.#alarmTick = Number.POSITIVE_INFINITY;
    const next = this.#next();
    if (next !== undefined) this.#setAlarm(next);
    const until = this.#tick;
    // One of them may have cancelled or renewed another.
    for (const entry of due.sort((one, other) => one.tick - other.tick)) if (entry.tick <= until) entry.meet();
  }

  #takeDue(tick: number, due: Entry[]): void {
    const slot = this.#slot(tick);
    for (let link = slot.after; link !== slot; ) {
      const { after } = link;
      if (link instanceof Entry && link.tick <= this.#tick) {
        link.remove();
        due.push(link);
      }
      link = after;
    }
  }

  /** The first tick at which something may be due. */
  #next(): number | undefined {
    for (let tick = this.#tick + 1; tick <= this.#tick + SLOTS; tick++) {
      const slot = this.#slot(tick);
      if (slot.after !== slot) return tick;
    }
    return undefined;
  }
}

/** A place in a ring; a slot is one that is never removed. */
class Link {
  before: Link = this;
  after: Link = this;

  insertBefore(next: Link): void {
    this.before = next.before;
    this.after = next;
    next.before.after = this;
    next.before = this;
  }

  remove(): void {
    this.before.after = this.after;
    this.after.before = this.before;
    this.before = this;
    this.after = this;
  }
}

class Entry extends Link implements Deadline {
  readonly ms: number;
  tick = 0;
  readonly #expire: () => void;
  readonly #place: (entry: Entry) => void;
  #isCancelled = false;

  constructor(ms: number, expire: () => void, place: (entry: Entry) => void) {
    super();
    this.ms = ms;
    this.#expire = expire;
    this.#place = place;
  }

  cancel(): void {
    this.#isCancelled = true;
    this.remove();
  }

  renew(): void {
    if (!this.#isCancelled) this.#place(this);
  }

  meet(): void {
    if (!this.#isCancelled) this.#expire();
  }
}
