import { Worker } from 'node:worker_threads';
import { CLOSED, type Write, type Written } from './write.ts';
import type { Committer } from './writer.ts';

interface Waiting {
  readonly write: Write;
  readonly resolve: (written: Written) => void;
}

/** Writes that share a transaction, at the most: others are not to wait longer than some milliseconds. */
const MOST_WRITES = 256;

/**
 * Commits in a thread of its own, which has the connection that writes: a wait for the disk holds nobody up here. What comes
 * while one transaction is committed is in the next.
 *
 * The thread starts with the first write. When it dies, the writes that it has are answered as stopped, and those that wait get a
 * new one. It keeps the process alive only while it has something to do.
 */
export class ThreadCommitter implements Committer {
  readonly #path: string;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  #committing: readonly Waiting[] = [];
  #gathering: NodeJS.Immediate | undefined;
  #idle: (() => void)[] = [];
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
  }

  commit(write: Write): Promise<Written> {
    if (this.#isClosed) return Promise.resolve(CLOSED);
    return new Promise((resolve) => {
      this.#waiting.push({ write, resolve });
      this.#gather();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#isBusy) await new Promise<void>((resolve) => this.#idle.push(resolve));
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('close');
    await ended;
  }

  get #isBusy(): boolean {
    return this.#waiting.length + this.#committing.length > 0;
  }

  /** What else is asked for in this turn of the loop is in the same group. */
  #gather(): void {
    if (this.#committing.length > 0) return;
    this.#gathering ??= setImmediate(() => {
      this.#gathering = undefined;
      this.#committing = this.#waiting.splice(0, MOST_WRITES);
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#worker.postMessage(this.#committing.map(({ write }) => write));
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./writer-thread.js', import.meta.url), { workerData: this.#path });
    let reason = 'the thread that writes has ended';
    worker.on('message', (written: readonly Written[]) => this.#settle(written));
    worker.once('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.once('exit', () => {
      this.#worker = undefined;
      this.#settle(this.#committing.map(() => stopped(reason)));
    });
    return worker;
  }

  #settle(written: readonly Written[]): void {
    const group = this.#committing;
    this.#committing = [];
    for (const [index, { resolve }] of group.entries()) resolve(written[index] as Written);
    if (this.#waiting.length > 0) this.#gather();
    if (this.#isBusy) return;
    this.#worker?.unref();
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function stopped(cause: string): Written {
  return { kind: 'failed', trouble: 'stopped', cause };
}
