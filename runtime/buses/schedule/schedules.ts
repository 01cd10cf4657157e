import type { Observer } from '../../contract/observer.ts';

/** What fires by itself at its times. */
export interface Timed {
  /** Names it in marks, too. */
  readonly arn: string;
  /** Says when it fires: with another text it is another schedule. */
  readonly when: string;
  /** What was due before was not missed, in epoch milliseconds. */
  readonly activeSince: number;
  /** The first tick after a time; undefined when there is none. */
  readonly next: (time: number) => number | undefined;
  /** Resolves when it is durable that it has fired the tick; rejects when it has not. */
  readonly fire: (tick: number) => Promise<void>;
  /** Remembers that nothing up to a time is to be fired any more. */
  readonly pass: (until: number) => Promise<void>;
}

export interface SchedulesDeps {
  /** What is enabled now. */
  readonly timed: () => readonly Timed[];
  /** When each fired last, by ARN. */
  readonly marks: ReadonlyMap<string, number>;
  readonly observer: Observer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Since when this process runs: what was due before is not fired. */
  readonly since: number;
}

interface Entry {
  timed: Timed;
  /** The tick that is fired next; undefined when there is none. */
  next: number | undefined;
  /** Not before this: firing failed. */
  retryAt: number;
  isFiring: boolean;
}

/** A tick that is later was missed: it belongs to its minute. */
const LATE_MS = 60_000;
/** The clock is looked at again after this, should it be set or the machine have slept. */
const LONGEST_TIMER_MS = 60_000;
const RETRY_MS = 1_000;
/** Ticks that are counted before a number is given up. */
const MOST_COUNTED = 1_000;

/**
 * Fires what is due: each tick once, however often the process is started, with one timer for all. What was due
 * while the process was not running is told the operator, and not made up for.
 */
export class Schedules {
  readonly #deps: SchedulesDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #marks: Map<string, number>;
  readonly #firing = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(deps: SchedulesDeps) {
    this.#deps = deps;
    this.#marks = new Map(deps.marks);
  }

  /** Takes up what has changed. */
  refresh(): void {
    if (this.#stopped) return;
    const all = new Map(this.#deps.timed().map((timed) => [timed.arn, timed]));
    for (const [arn, { timed }] of this.#entries) if (!isSame(timed, all.get(arn))) this.#entries.delete(arn);
    for (const [arn, timed] of all) {
      const known = this.#entries.get(arn);
      if (known === undefined) this.#add(timed);
      else known.timed = timed;
    }
    this.#look();
  }

  /** Fires nothing any more; resolves when what is being fired is durable. */
  async close(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#firing);
  }

  #add(timed: Timed): void {
    const { since } = this.#deps;
    const seen = Math.max(this.#marks.get(timed.arn) ?? 0, timed.activeSince);
    const { last, count } = ticksBetween(timed, seen, since);
    if (last !== undefined) this.#missed(timed, { last, count, until: since });
    this.#entries.set(timed.arn, { timed, next: timed.next(Math.max(seen, since)), retryAt: 0, isFiring: false });
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const now = this.#deps.clock();
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) {
      if (entry.next === undefined || entry.isFiring) continue;
      if (Math.max(entry.next, entry.retryAt) <= now) this.#fire(entry, entry.next, now);
      if (!entry.isFiring) wakeAt = Math.min(wakeAt, Math.max(entry.next ?? wakeAt, entry.retryAt));
    }
    if (this.#entries.size === 0) return;
    const delay = Math.min(Math.max(1, wakeAt - now), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#look(), delay).unref();
  }

  /** Of several that are due the last one is fired, if it is not too late. */
  #fire(entry: Entry, due: number, now: number): void {
    const { timed } = entry;
    const { last = due, count, before } = ticksBetween(timed, due - 1, now);
    if (now - last > LATE_MS) {
      this.#missed(timed, { last, count, until: now });
      entry.next = timed.next(now);
      return;
    }
    if (before !== undefined) this.#noticeMissed(timed, before, count - 1);
    entry.isFiring = true;
    const firing = timed
      .fire(last)
      .then(
        () => {
          this.#marks.set(timed.arn, last);
          entry.next = timed.next(Math.max(last, this.#deps.since));
        },
        (error: Error) => {
          this.#deps.observer.noticed('error', `${timed.arn} cannot fire: ${error.message}`);
          entry.next = last;
          entry.retryAt = this.#deps.clock() + RETRY_MS;
        },
      )
      .finally(() => {
        entry.isFiring = false;
        this.#firing.delete(firing);
        this.#look();
      });
    this.#firing.add(firing);
  }

  /** Nothing up to `until` is told again. */
  #missed(
    timed: Timed,
    { last, count, until }: { readonly last: number; readonly count: number; readonly until: number },
  ): void {
    this.#noticeMissed(timed, last, count);
    this.#marks.set(timed.arn, until);
    timed.pass(until).catch((error: Error) => {
      this.#deps.observer.noticed('error', `It cannot be remembered what was missed: ${error.message}`);
    });
  }

  #noticeMissed({ arn }: Timed, last: number, count: number): void {
    const at = new Date(last).toISOString();
    const ticks =
      count === 1 ? `a tick of its schedule, at ${at}` : `${count} ticks of its schedule, the last at ${at}`;
    const many = `${MOST_COUNTED} ticks of its schedule or more`;
    this.#deps.observer.noticed('warn', `${arn} missed ${count < MOST_COUNTED ? ticks : many}.`);
  }
}

/** The ticks after `from` and until `to`: the last one, the one before it, and how many. */
function ticksBetween(
  timed: Timed,
  from: number,
  to: number,
): { readonly last?: number; readonly before?: number; readonly count: number } {
  let [count, last, before]: [number, number | undefined, number | undefined] = [0, undefined, undefined];
  for (let at = from; count < MOST_COUNTED; count++) {
    const next = timed.next(at);
    if (next === undefined || next > to) break;
    [before, last, at] = [last, next, next];
  }
  return { count, ...(last === undefined ? {} : { last }), ...(before === undefined ? {} : { before }) };
}

/** Whether it is due at the same times as before. */
function isSame(timed: Timed, now: Timed | undefined): boolean {
  return now?.when === timed.when && now.activeSince === timed.activeSince;
}
