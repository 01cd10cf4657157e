import { exit } from 'node:process';
import { workerData } from 'node:worker_threads';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { unpackJobs } from '../../runtime/pool/job-batch.ts';
import type { ServeTask, ToThread } from '../../runtime/pool/protocol.ts';
import { serve } from '../../runtime/pool/serving-thread.ts';

/** A thread that fails as no guest should be able to make it: it exits, or hangs in the host, when an event says so. */
const task = workerData as ServeTask;
task.port.on('message', (message: ToThread) => {
  if (message.kind !== 'batch') return;
  for (const { id, invocation } of unpackJobs(message, () => ({}) as FunctionVersion)) {
    const event = Buffer.from(invocation.event).toString();
    if (event === '"exit"' || event === '"hang"') Atomics.store(new Int32Array(task.progress), 0, id);
    if (event === '"exit"') exit(3);
    while (event === '"hang"');
  }
});
await serve(task);
