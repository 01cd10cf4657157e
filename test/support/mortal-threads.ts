import { createRequire, syncBuiltinESMExports } from 'node:module';
import { isMainThread, type Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Makes the threads of a process mortal from outside, when it is imported before all else (`node --import`): SIGUSR2 ends one
 * that runs guests, wherever it is, each in turn.
 */
if (isMainThread) {
  const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker };
  const living = new Set<Worker>();
  threads.Worker = class extends threads.Worker {
    constructor(entry: string | URL, options?: WorkerOptions) {
      super(entry, options);
      if (!String(entry).endsWith('/pool/worker.js')) return;
      living.add(this);
      this.once('exit', () => living.delete(this));
    }
  };
  syncBuiltinESMExports();
  process.on('SIGUSR2', () => {
    const [next] = living;
    if (!next) return;
    living.delete(next);
    void next.terminate();
  });
}
