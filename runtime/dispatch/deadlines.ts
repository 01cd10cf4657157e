import { TimerWheel } from './timer-wheel.ts';

export type { Deadline } from './timer-wheel.ts';

let alarm: NodeJS.Timeout | undefined;

/** The deadlines of all requests of this process: one timer, none while nothing is due, and none that keeps the process alive. */
export const deadlines: TimerWheel = new TimerWheel({
  now: () => performance.now(),
  ring(afterMs, ring) {
    clearTimeout(alarm);
    alarm = setTimeout(ring, afterMs).unref();
  },
});
