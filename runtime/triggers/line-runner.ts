import type { Lines } from './lines.ts';

export interface LineRunnerDeps<Item extends { readonly dueAt: number }> {
  readonly lines: Lines<Item>;
  /** Never rejects. */
  readonly run: (item: Item) => Promise<void>;
  /** How many of an item's line may run at a time. */
  readonly mostOf: (item: Item) => number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Items that run at a time, of all lines: enough to keep threads busy, not so many that callers wait long. */
const RUNNING = 64;
/** setTimeout knows no longer delay. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Runs what stands in lines when it is due, several at a time, lines in turn: one timer, and none while nothing is due. */
export class LineRunner<Item extends { readonly dueAt: number }> {
  readonly #deps: LineRunnerDeps<Item>;
  readonly #running = new Set<Promise<void>>();
  #pump: NodeJS.Immediate | undefined;
  #alarm: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(deps: LineRunnerDeps<Item>) {
    this.#deps = deps;
  }

  /** True once nothing begins any more. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** To be called when something was put into a line. */
  schedule(): void {
    if (!this.#stopped) this.#pump ??= setImmediate(() => this.#fill());
  }

  /** Begins nothing any more. */
  stop(): void {
    this.#stopped = true;
    clearImmediate(this.#pump);
    clearTimeout(this.#alarm);
  }

  /** The same; resolves when nothing runs. */
  async drain(): Promise<void> {
    this.stop();
    await Promise.all(this.#running);
  }

  #fill(): void {
    const { lines, run, mostOf, clock } = this.#deps;
    this.#pump = undefined;
    clearTimeout(this.#alarm);
    while (this.#running.size < RUNNING) {
      const item = lines.next(clock(), mostOf);
      if (item === undefined) break;
      const running = run(item).finally(() => {
        this.#running.delete(running);
        lines.ended(item);
        this.schedule();
      });
      this.#running.add(running);
    }
    const dueAt = lines.nextDueAt;
    if (dueAt === undefined || this.#running.size >= RUNNING) return;
    const delay = Math.min(Math.max(1, dueAt - clock()), LONGEST_TIMER_MS);
    this.#alarm = setTimeout(() => this.schedule(), delay).unref();
  }
}
