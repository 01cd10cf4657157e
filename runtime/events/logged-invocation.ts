import type { FunctionVersion } from '../contract/function-version.ts';
import type { GuestError, Report } from '../contract/outcome.ts';
import type { Logged, LoggedInvocation } from './platform-log.ts';
import { toWholeMicros } from './platform-record.ts';

/** An invocation as its log group keeps it: its lines are made of it when they are read. */
export interface LogRecord {
  /** When it ended, or logged this, epoch milliseconds. */
  readonly at: number;
  readonly invocation: LoggedInvocation;
  /** What it logged, or what of that is in no record before. */
  readonly log: string;
  /** How it ended; absent while it runs. */
  readonly outcome?: Logged;
  /** There is a record of it before. */
  readonly hasBegun?: true;
  readonly jsonLog?: NonNullable<FunctionVersion['jsonLog']>;
}

type End = readonly [kind: string, detail?: string | number | GuestError, limit?: number];
type Row = readonly [
  kind: 'i' | 'c',
  at: number,
  requestId: string,
  version: string,
  memoryMb: number,
  log: string,
  report: readonly [durationMs: number, fuel: number, maxMemoryBytes: number, queueMs: number] | 0,
  end: End | 0,
  cold: Report['cold'] | 0,
  jsonLog: LogRecord['jsonLog'] | 0,
];

/** One line of JSON: it is written for every invocation, so it is short. */
export function toLogEntry({ at, invocation, log, outcome, hasBegun, jsonLog }: LogRecord): string {
  const { requestId, target } = invocation;
  const kind = hasBegun ? 'c' : 'i';
  const end = outcome === undefined ? 0 : toEnd(outcome);
  const { report, cold } = toReport(outcome?.report);
  const row: Row = [kind, at, requestId, target.version, target.memoryMb, log, report, end, cold, jsonLog ?? 0];
  return JSON.stringify(row);
}

/** Undefined when it is no such line. */
export function fromLogEntry(row: readonly unknown[]): LogRecord | undefined {
  if ((row[0] !== 'i' && row[0] !== 'c') || row.length !== 10) return undefined;
  const [kind, at, requestId, version, memoryMb, log, ran, end, cold, jsonLog] = row as unknown as Row;
  const invocation = { requestId, target: { version, memoryMb } };
  const more = { ...(kind === 'c' ? { hasBegun: true as const } : {}), ...(jsonLog ? { jsonLog } : {}) };
  if (ran === 0) return { at, invocation, log, ...more };
  const [durationMs, fuel, maxMemoryBytes, queueMs] = ran;
  const report: Report = { durationMs, fuel, maxMemoryBytes, queueMs, ...(cold ? { cold } : {}) };
  return { at, invocation, log, outcome: fromEnd(end, { report, log }), ...more };
}

function toReport(report: Report | undefined): { readonly report: Row[6]; readonly cold: Row[8] } {
  if (report === undefined) return { report: 0, cold: 0 };
  const { durationMs, fuel, maxMemoryBytes, queueMs, cold = 0 } = report;
  // The duration as it is: rounded twice it would not be what the caller was told.
  return { report: [durationMs, fuel, maxMemoryBytes, toWholeMicros(queueMs)], cold };
}

function toEnd(outcome: Logged): End | 0 {
  switch (outcome.kind) {
    case 'succeeded':
      return 0;
    case 'function-error':
      return [outcome.kind, outcome.error];
    case 'timed-out':
      return [outcome.kind, outcome.cause, outcome.limit];
    case 'out-of-memory':
      return [outcome.kind];
    case 'crashed':
      return [outcome.kind, outcome.reason];
  }
}

function fromEnd(end: End | 0, ended: { readonly report: Report; readonly log: string }): Logged {
  if (end === 0) return { kind: 'succeeded', ...ended };
  const [kind, detail, limit = 0] = end;
  switch (kind) {
    case 'function-error':
      return { kind, error: detail as GuestError, ...ended };
    case 'timed-out':
      return { kind, cause: detail === 'fuel' ? 'fuel' : 'deadline', limit, ...ended };
    case 'out-of-memory':
      return { kind, ...ended };
    default:
      return { kind: 'crashed', reason: String(detail), ...ended };
  }
}
