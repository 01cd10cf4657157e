import { Worker } from 'node:worker_threads';
import { CLOSED, type Write, type Written } from './write.ts';
import type { Committer } from './writer.ts';

/**
 * Commits in a thread of its own, which has the connection that writes: a wait for the disk holds nobody up here. What comes
 * while one transaction is committed is in the next.
 *
 * The thread starts with the first write. When it dies, what it has not answered is answered as stopped, and the next write
 * gets a new one. It keeps the process alive only while it has something to do.
 */
export class ThreadCommitter implements Committer {
  readonly #path: string;
  #worker: Worker | undefined;
  /** Whoever waits for an answer, in the order of the writes. */
  #waiting: ((written: Written) => void)[] = [];
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
  }

  commit(write: Write): Promise<Written> {
    if (this.#isClosed) return Promise.resolve(CLOSED);
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(write);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('close');
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./writer-thread.js', import.meta.url), { workerData: this.#path });
    let reason = 'the thread that writes has ended';
    worker.on('message', (written: readonly Written[]) => {
      for (const [index, resolve] of this.#waiting.splice(0, written.length).entries())
        resolve(written[index] as Written);
      if (this.#waiting.length === 0) worker.unref();
    });
    worker.once('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.once('exit', () => {
      this.#worker = undefined;
      for (const resolve of this.#waiting.splice(0)) resolve({ kind: 'failed', trouble: 'stopped', cause: reason });
    });
    return worker;
  }
}
