import type { Message } from './message.ts';

export interface WaitersDeps {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Takes what there is now. */
  readonly take: (most: number, visibilityMs: number) => readonly Message[];
  /** When something may be had next without anyone doing anything. */
  readonly nextAt: () => number | undefined;
}

interface Wait {
  readonly most: number;
  readonly visibilityMs: number;
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter extends Wait {
  readonly end: (messages: readonly Message[]) => void;
}

/** setTimeout knows no longer delay. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Those who wait for messages of a queue, served in the order in which they came. */
export class Waiters {
  readonly #deps: WaitersDeps;
  readonly #waiting = new Set<Waiter>();
  #alarm: NodeJS.Timeout | undefined;

  constructor(deps: WaitersDeps) {
    this.#deps = deps;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Resolves with the first messages that can be had, or with none when the time is over or the signal says so. */
  wait(wait: Wait): Promise<readonly Message[]> {
    return new Promise((resolve) => {
      const giveUp = (): void => waiter.end([]);
      const timer = setTimeout(giveUp, wait.waitMs);
      const waiter: Waiter = {
        ...wait,
        end: (messages) => {
          clearTimeout(timer);
          wait.signal?.removeEventListener('abort', giveUp);
          this.#waiting.delete(waiter);
          if (this.isEmpty) clearTimeout(this.#alarm);
          resolve(messages);
        },
      };
      wait.signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiter);
      this.#setAlarm();
    });
  }

  /** Gives what there is to those who wait. */
  serve(): void {
    for (const waiter of this.#waiting) {
      const messages = this.#deps.take(waiter.most, waiter.visibilityMs);
      if (messages.length === 0) break;
      waiter.end(messages);
    }
    this.#setAlarm();
  }

  close(): void {
    for (const waiter of this.#waiting) waiter.end([]);
  }

  #setAlarm(): void {
    clearTimeout(this.#alarm);
    const nextAt = this.isEmpty ? undefined : this.#deps.nextAt();
    if (nextAt === undefined) return;
    const delay = Math.min(Math.max(1, nextAt - this.#deps.clock()), LONGEST_TIMER_MS);
    this.#alarm = setTimeout(() => this.serve(), delay);
  }
}
