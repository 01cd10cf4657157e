import type { MessagePort } from 'node:worker_threads';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { HostAnswer, HostRequest } from '../contract/host-call.ts';
import type { StreamChunk } from '../contract/response-stream.ts';
import type { CpuMode } from '../isolate/cpu-share.ts';
import type { BuildOptions, PreparedArtifact } from '../isolate/index.ts';
import type { JobBatch } from './job-batch.ts';
import type { OutcomeBatch } from './outcome-batch.ts';

/** What a thread is told, in order, over its port. */
export type ToThread =
  | { readonly kind: 'artifact'; readonly image: string; readonly prepared: PreparedArtifact }
  | { readonly kind: 'forget'; readonly image: string }
  /** What jobs mean by its revision, until that is evicted or its image forgotten. */
  | { readonly kind: 'version'; readonly version: FunctionVersion }
  /** The isolate of this revision goes. */
  | { readonly kind: 'evict'; readonly revision: string }
  /** Keep this many isolates of a version, whose artifact it was given, restored ahead; 0 lets them go. */
  | { readonly kind: 'provision'; readonly target: FunctionVersion; readonly count: number }
  | ({ readonly kind: 'batch' } & JobBatch)
  | ({ readonly kind: 'answer'; readonly call: number } & HostAnswer);

/** What it answers: outcomes in batches, jobs it gives back because the one before them runs long, and chunks of streams. */
export type FromThread =
  | { readonly kind: 'ready' }
  /** How many isolates of a provisioned revision are restored now. */
  | { readonly kind: 'provisioned'; readonly revision: string; readonly restored: number }
  /** Answers each `forget`, in order. */
  | { readonly kind: 'forgotten' }
  | ({ readonly kind: 'ended'; readonly liveIsolates: number } & OutcomeBatch)
  | { readonly kind: 'returned'; readonly ids: readonly number[] }
  /** The job that runs is no quick one: `long` at first, `settled` when it has gone on for much longer. */
  | { readonly kind: 'long' | 'settled'; readonly id: number }
  /** The job asks something of the host and waits for the `answer`. Calls are numbered by the thread. */
  | ({ readonly kind: 'call'; readonly id: number; readonly call: number } & HostRequest)
  /** What the guest of a job that takes long has logged so far, or since this was said last; its outcome has all of it again. */
  | { readonly kind: 'logged'; readonly id: number; readonly log: string }
  /** What the guest of a job has streamed; before the job's outcome. */
  | { readonly kind: 'streamed'; readonly id: number; readonly chunk: StreamChunk };

/** The everlasting task of a serving thread. */
export interface ServeTask {
  readonly port: MessagePort;
  /** One cell: the id of the job that the thread runs or ran last, -1 before the first. Survives the thread. */
  readonly progress: SharedArrayBuffer;
  /** One cell, for `NativeLoading`. */
  readonly loading: SharedArrayBuffer;
  /** One cell: the number of the host call that was answered last. */
  readonly answered: SharedArrayBuffer;
  /** Of all threads, and this one's place among them. */
  readonly turns: SharedArrayBuffer;
  readonly seat: number;
  readonly cpu: CpuMode;
}

/** The task of building one artifact. */
export interface BuildTask {
  readonly module: Uint8Array;
  readonly options: BuildOptions;
}
