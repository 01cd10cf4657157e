import type { FunctionVersion } from '../contract/function-version.ts';
import type { GuestError, Report } from '../contract/outcome.ts';
import type { Logged, LoggedInvocation } from './platform-log.ts';

/** An invocation as its log group keeps it: its lines are made of it when they are read. */
export interface LogRecord {
  /** When it ended, epoch milliseconds. */
  readonly at: number;
  readonly invocation: LoggedInvocation;
  readonly outcome: Logged;
  readonly jsonLog?: NonNullable<FunctionVersion['jsonLog']>;
}

type End = readonly [kind: string, detail?: string | number | GuestError, limit?: number];
type Row = readonly [
  kind: 'i',
  at: number,
  requestId: string,
  version: string,
  memoryMb: number,
  log: string,
  report: readonly [durationMs: number, fuel: number, maxMemoryBytes: number, queueMs: number],
  end: End | 0,
  cold: Report['cold'] | 0,
  jsonLog: LogRecord['jsonLog'] | 0,
];

/** One line of JSON: it is written for every invocation, so it is short. */
export function toLogEntry({ at, invocation: { requestId, target }, outcome, jsonLog }: LogRecord): string {
  const { durationMs, fuel, maxMemoryBytes, queueMs, cold = 0 } = outcome.report;
  const report = [toMicro(durationMs), fuel, maxMemoryBytes, toMicro(queueMs)] as const;
  const { version, memoryMb } = target;
  const row: Row = ['i', at, requestId, version, memoryMb, outcome.log, report, toEnd(outcome), cold, jsonLog ?? 0];
  return JSON.stringify(row);
}

/** Undefined when it is no such line. */
export function fromLogEntry(row: readonly unknown[]): LogRecord | undefined {
  if (row[0] !== 'i' || row.length !== 10) return undefined;
  const [, at, requestId, version, memoryMb, log, [durationMs, fuel, maxMemoryBytes, queueMs], end, cold, jsonLog] =
    row as unknown as Row;
  const report: Report = { durationMs, fuel, maxMemoryBytes, queueMs, ...(cold ? { cold } : {}) };
  const invocation = { requestId, target: { version, memoryMb } };
  return { at, invocation, outcome: fromEnd(end, { report, log }), ...(jsonLog ? { jsonLog } : {}) };
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

function toMicro(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
