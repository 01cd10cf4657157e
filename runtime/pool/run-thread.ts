import { Worker } from 'node:worker_threads';
import type { ServeTask } from './protocol.ts';

/** Runs a serving thread. Resolves when it has ended, with why; an abort ends it wherever it is. */
export function runThread(entry: URL, task: ServeTask, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let reason = 'the thread ended';
    const worker = new Worker(entry, { workerData: task, transferList: [task.port] });
    signal.addEventListener('abort', () => void worker.terminate());
    worker.once('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.once('exit', () => resolve(reason));
  });
}
