import { exit } from 'node:process';
import type { MessagePort } from 'node:worker_threads';
import type { ToThread } from '../../runtime/pool/protocol.ts';
import * as worker from '../../runtime/pool/worker.ts';

/** A thread that fails as no guest should be able to make it: it exits, or hangs in the host, when an event says so. */
export function serve(task: { port: MessagePort; progress: SharedArrayBuffer }): Promise<void> {
  task.port.on('message', (message: ToThread) => {
    if (message.kind !== 'batch') return;
    for (const { id, invocation } of message.jobs) {
      const event = Buffer.from(invocation.event).toString();
      if (event === '"exit"' || event === '"hang"') Atomics.store(new Int32Array(task.progress), 0, id);
      if (event === '"exit"') exit(3);
      while (event === '"hang"');
    }
  });
  return worker.serve(task);
}

export const build: typeof worker.build = worker.build;
