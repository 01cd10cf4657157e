import type { FunctionVersion } from '../contract/function-version.ts';
import type { Invocation } from '../contract/invocation.ts';
import { packBytes, unpackBytes } from './packed-bytes.ts';

/** One invocation on its way through a thread. `id` is the pool's own: a request id comes from outside. */
export interface Job {
  readonly id: number;
  readonly invocation: Invocation;
  /** Cold phases that this invocation waited for in the main thread, in milliseconds. */
  readonly compileMs: number;
  readonly workerMs: number;
  /** The cell of a stream's credit, when the caller wants a stream; the invocation itself goes without. */
  readonly credit?: SharedArrayBuffer | undefined;
}

/** A job without its event; the version goes by its revision, which the thread was told of before. */
type JobRow = readonly [
  id: number,
  revision: string,
  requestId: string,
  traceId: string,
  receivedAt: number,
  compileMs: number,
  workerMs: number,
  clientContext: string | undefined,
  credit: SharedArrayBuffer | undefined,
];

/** Jobs in one message: their events lie behind one another in one buffer, because each object and buffer of a message costs. */
export interface JobBatch {
  readonly rows: readonly JobRow[];
  readonly lengths: readonly number[];
  readonly events: Uint8Array;
}

export function packJobs(jobs: readonly Job[]): JobBatch {
  const { bytes, lengths } = packBytes(jobs.map(({ invocation }) => invocation.event));
  return { rows: jobs.map(toRow), lengths, events: bytes };
}

export function unpackJobs(
  { rows, lengths, events }: JobBatch,
  versionOf: (revision: string) => FunctionVersion,
): readonly Job[] {
  const unpacked = unpackBytes(events, lengths);
  return rows.map((row, index) => toJob(row, unpacked[index] as Uint8Array, versionOf));
}

function toRow({ id, invocation, compileMs, workerMs, credit }: Job): JobRow {
  const { target, requestId, traceId, receivedAt, clientContext } = invocation;
  return [id, target.revision, requestId, traceId, receivedAt, compileMs, workerMs, clientContext, credit];
}

function toJob(row: JobRow, event: Uint8Array, versionOf: (revision: string) => FunctionVersion): Job {
  const [id, revision, requestId, traceId, receivedAt, compileMs, workerMs, clientContext, credit] = row;
  const target = versionOf(revision);
  const sent = { requestId, target, event, receivedAt, traceId };
  const invocation = clientContext === undefined ? sent : { ...sent, clientContext };
  return { id, invocation, compileMs, workerMs, credit };
}
