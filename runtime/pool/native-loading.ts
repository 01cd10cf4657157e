/** What the thread does: nothing of that kind, it loads native code, or it is about to be ended. */
const FREE = 0;
const LOADING = 1;
const ENDING = 2;
/** When it is looked again whether the thread has done loading, in milliseconds. */
const AGAIN_MS = 1;

/**
 * Keeps a thread from being ended while it loads native code. An addon that may not throw, as in a thread that is being ended,
 * ends the process (https://github.com/nodejs/node-addon-api/pull/902).
 */
export class NativeLoading {
  readonly shared: SharedArrayBuffer;
  readonly #cell: Int32Array;

  /** Of the thread that shares this cell. */
  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.shared = shared;
    this.#cell = new Int32Array(shared);
  }

  /** In the thread. One that is about to be ended stays in here until it is. */
  run<Loaded>(load: () => Loaded): Loaded {
    if (Atomics.compareExchange(this.#cell, 0, FREE, LOADING) === ENDING) Atomics.wait(this.#cell, 0, ENDING);
    try {
      return load();
    } finally {
      Atomics.store(this.#cell, 0, FREE);
    }
  }

  /** Outside of it. Calls `end` as soon as the thread loads nothing; it begins to load nothing from then on. */
  endThread(end: () => void): void {
    const state = Atomics.compareExchange(this.#cell, 0, FREE, ENDING);
    if (state === LOADING) setTimeout(() => this.endThread(end), AGAIN_MS);
    else end();
  }
}
