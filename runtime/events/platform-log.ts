import type { FunctionVersion } from '../contract/function-version.ts';
import { MIB } from '../contract/limits.ts';
import type { Outcome, Refused, Report, Succeeded } from '../contract/outcome.ts';

/** Everything but a refusal ran, and so has a report and a log. */
export type Ran = Exclude<Outcome, Refused>;

/** What the log needs of an invocation, and of how it ended. */
export interface LoggedInvocation {
  readonly requestId: string;
  readonly target: Pick<FunctionVersion, 'version' | 'memoryMb'>;
}
export type Logged = Omit<Succeeded, 'payload'> | Exclude<Ran, Succeeded>;

/** Lambda's word for how an invocation ended, with the error type that its log names. */
export interface PlatformStatus {
  readonly status: 'success' | 'error' | 'timeout' | 'failure';
  readonly errorType?: string;
}

export function toPlatformStatus(outcome: Logged): PlatformStatus {
  switch (outcome.kind) {
    case 'succeeded':
      return { status: 'success' };
    case 'function-error':
      return { status: 'error', errorType: printable(outcome.error.errorType) };
    case 'timed-out':
      return { status: 'timeout' };
    case 'out-of-memory':
      return { status: 'error', errorType: 'Runtime.OutOfMemory' };
    case 'crashed':
      return { status: 'failure', errorType: 'Sandbox.Failure' };
  }
}

export function toStartLine(invocation: LoggedInvocation): string {
  return `START RequestId: ${invocation.requestId} Version: ${invocation.target.version}\n`;
}

export function toEndLine(invocation: LoggedInvocation): string {
  return `END RequestId: ${invocation.requestId}\n`;
}

/**
 * The REPORT line: Lambda's fields in Lambda's order, then ours (`Fuel` in units and, after a cold start, its four phases).
 * Fields are separated, and the line is ended, by a tab, as on Lambda.
 */
export function toReportLine(invocation: LoggedInvocation, outcome: Logged): string {
  const { report } = outcome;
  const { status, errorType } = toPlatformStatus(outcome);
  const fields = [
    `REPORT RequestId: ${invocation.requestId}`,
    `Duration: ${toMs(report.durationMs)}`,
    `Billed Duration: ${toBilledMs(report)} ms`,
    `Memory Size: ${invocation.target.memoryMb} MB`,
    `Max Memory Used: ${toMemoryMb(report)} MB`,
  ];
  if (report.cold) fields.push(`Init Duration: ${toMs(toInitMs(report.cold))}`);
  if (status !== 'success') fields.push(`Status: ${status}`);
  if (errorType !== undefined) fields.push(`Error Type: ${errorType}`);
  fields.push(`Fuel: ${report.fuel}`);
  if (report.cold) {
    const { compileMs, workerMs, instantiateMs, restoreMs } = report.cold;
    fields.push(`Compile: ${toFineMs(compileMs)}`, `Worker: ${toFineMs(workerMs)}`);
    fields.push(`Instantiate: ${toFineMs(instantiateMs)}`, `Restore: ${toFineMs(restoreMs)}`);
  }
  return `${fields.join('\t')}\t\n`;
}

/** What the platform itself says of a failure, before END; empty for the function's own errors and for success. */
export function toFailureLine(invocation: LoggedInvocation, outcome: Logged, endedAt: number): string {
  switch (outcome.kind) {
    case 'succeeded':
    case 'function-error':
      return '';
    case 'timed-out': {
      return `${new Date(endedAt).toISOString()} ${invocation.requestId} ${toTimeoutText(outcome)}\n\n`;
    }
    case 'out-of-memory':
      return `RequestId: ${invocation.requestId} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`;
    case 'crashed':
      return `RequestId: ${invocation.requestId} Error: ${printable(outcome.reason)}\n`;
  }
}

/** `Task timed out after 3.00 seconds`, or the same about fuel. */
export function toTimeoutText(outcome: Outcome & { readonly kind: 'timed-out' }): string {
  return outcome.cause === 'deadline'
    ? `Task timed out after ${(outcome.limit / 1000).toFixed(2)} seconds`
    : `Task ran out of fuel after ${outcome.limit} units`;
}

/** The invocation's whole log as CloudWatch would show it. */
export function toInvocationLog(invocation: LoggedInvocation, outcome: Logged, endedAt: number): string {
  const body = outcome.log === '' || outcome.log.endsWith('\n') ? outcome.log : `${outcome.log}\n`;
  return (
    toStartLine(invocation) +
    body +
    toFailureLine(invocation, outcome, endedAt) +
    toEndLine(invocation) +
    toReportLine(invocation, outcome)
  );
}

export function toBilledMs(report: Report): number {
  return Math.max(1, Math.ceil(report.durationMs));
}

export function toMemoryMb(report: Report): number {
  return Math.ceil(report.maxMemoryBytes / MIB);
}

export function toInitMs(cold: NonNullable<Report['cold']>): number {
  return cold.compileMs + cold.workerMs + cold.instantiateMs + cold.restoreMs;
}

/** Phases of a cold start are microseconds. */
function toFineMs(ms: number): string {
  return `${ms.toFixed(3)} ms`;
}

function toMs(ms: number): string {
  return `${ms.toFixed(2)} ms`;
}

/** A guest's word inside a platform line must not forge a field or a line. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is to be removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').slice(0, 256);
}
