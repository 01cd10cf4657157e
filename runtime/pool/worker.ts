import { workerData } from 'node:worker_threads';
import type { ServeTask } from './protocol.ts';
import { serve } from './serving-thread.ts';

await serve(workerData as ServeTask);
