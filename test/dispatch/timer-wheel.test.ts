import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Deadline, TICK_MS, TimerWheel, type WheelClock } from '../../runtime/dispatch/timer-wheel.ts';

/** A clock that goes where it is told to, and rings on the way. */
class FakeClock implements WheelClock {
  time = 0;
  rung = 0;
  #alarm: { readonly at: number; readonly ring: () => void } | undefined;

  now(): number {
    return this.time;
  }

  ring(afterMs: number, ring: () => void): void {
    this.#alarm = { at: this.time + Math.max(0, afterMs), ring };
  }

  get isSet(): boolean {
    return this.#alarm !== undefined;
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (let alarm = this.#alarm; alarm && alarm.at <= end; alarm = this.#alarm) {
      this.time = Math.max(this.time, alarm.at);
      this.#alarm = undefined;
      this.rung++;
      alarm.ring();
    }
    this.time = end;
  }

  /** As `advance`, for a process that was busy meanwhile: what should have rung rings at the end. */
  sleep(ms: number): void {
    this.time += ms;
    this.advance(0);
  }
}

type Step =
  | { readonly kind: 'add' | 'advance' | 'sleep'; readonly ms: number }
  | { readonly kind: 'change'; readonly change: 'cancel' | 'renew'; readonly which: number };

const duration = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 200_000 }),
  fc.double({ min: 0, max: 3_000, noNaN: true }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('add', 'advance', 'sleep'), ms: duration }),
  fc.record({
    kind: fc.constant('change'),
    change: fc.constantFrom('cancel', 'renew'),
    which: fc.nat(60),
  }),
);

/** What a list of deadlines would do: the due time of each that waits, undefined for one that does not. */
interface Model {
  readonly ms: number;
  due: number | undefined;
  isCancelled: boolean;
}

describe('a timer wheel', () => {
  it('meets every deadline once, in time, as a list of them would', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = new FakeClock();
        clock.time = 12_345.6;
        const wheel = new TimerWheel(clock);
        const model: Model[] = [];
        const handles: Deadline[] = [];
        let latest = 0;
        const meet = (entry: Model): void => {
          expect(entry.isCancelled).toBe(false);
          expect(entry.due).toBeLessThanOrEqual(clock.time);
          latest = Math.max(latest, clock.time - (entry.due as number));
          entry.due = undefined;
        };
        for (const one of steps) {
          latest = 0;
          if (one.kind === 'change') {
            const entry = model[one.which];
            handles[one.which]?.[one.change]();
            if (entry && one.change === 'cancel') Object.assign(entry, { isCancelled: true, due: undefined });
            else if (entry && !entry.isCancelled) entry.due = clock.time + entry.ms;
          } else if (one.kind === 'add') {
            const entry: Model = { ms: one.ms, due: clock.time + one.ms, isCancelled: false };
            model.push(entry);
            handles.push(wheel.after(one.ms, () => meet(entry)));
          } else if (one.kind === 'advance') {
            clock.advance(one.ms);
            expect(latest).toBeLessThanOrEqual(TICK_MS + 0.001);
          } else clock.sleep(one.ms);
          for (const { due } of model) expect(due ?? Infinity).toBeGreaterThan(clock.time - TICK_MS - 0.001);
        }
        clock.advance(300_000);
        expect(model.filter(({ due }) => due !== undefined)).toEqual([]);
        expect(clock.isSet).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('sets one alarm for many, and none when nothing waits', () => {
    const clock = new FakeClock();
    const wheel = new TimerWheel(clock);
    for (let request = 0; request < 10_000; request++) {
      clock.advance(1);
      wheel.after(60_000, () => expect.unreachable()).cancel();
    }
    clock.advance(100_000);
    expect(clock.rung).toBeLessThanOrEqual(1);
    expect(clock.isSet).toBe(false);
  });

  it('lets one deadline cancel or renew another that is due with it', () => {
    const clock = new FakeClock();
    const wheel = new TimerWheel(clock);
    const met: string[] = [];
    const others: Deadline[] = [];
    wheel.after(100, () => {
      met.push('first');
      others[0]?.cancel();
      others[1]?.renew();
    });
    others.push(wheel.after(100, () => met.push('cancelled')));
    others.push(wheel.after(100, () => met.push('renewed')));
    clock.advance(150);
    expect(met).toEqual(['first']);
    clock.advance(150);
    expect(met).toEqual(['first', 'renewed']);
  });

  it('takes new deadlines from one that is met', () => {
    const clock = new FakeClock();
    const wheel = new TimerWheel(clock);
    let rounds = 0;
    const again = (): void => {
      rounds++;
      if (rounds < 5) wheel.after(0, again);
    };
    wheel.after(0, again);
    clock.advance(1_000);
    expect(rounds).toBe(5);
  });
});
