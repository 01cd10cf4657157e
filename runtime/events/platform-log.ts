import type { FunctionVersion } from '../contract/function-version.ts';
import { MIB } from '../contract/limits.ts';
import type { GuestError, Outcome, Refused, Report, Succeeded } from '../contract/outcome.ts';

/** Everything but a refusal ran, and so has a report and a log. */
export type Ran = Exclude<Outcome, Refused>;

/** Characters of an error's message that a line shows. */
const MAX_MESSAGE_CHARS = 32_768;

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

/** What is said of a failure, before END; empty for success. */
export function toFailureLine(invocation: LoggedInvocation, outcome: Logged, endedAt: number): string {
  switch (outcome.kind) {
    case 'succeeded':
      return '';
    case 'function-error':
      return toErrorLine(invocation, toLoggedError(outcome.error), endedAt);
    case 'timed-out': {
      return `${new Date(endedAt).toISOString()} ${invocation.requestId} ${toTimeoutText(outcome)}\n\n`;
    }
    case 'out-of-memory':
      return `RequestId: ${invocation.requestId} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`;
    case 'crashed':
      return `RequestId: ${invocation.requestId} Error: ${printable(outcome.reason)}\n`;
  }
}

/** An error as far as the log shows it: a line has its bounds. */
export function toLoggedError(error: GuestError): GuestError {
  const { errorMessage } = error;
  if (errorMessage.length <= MAX_MESSAGE_CHARS) return error;
  return { ...error, errorMessage: `${errorMessage.slice(0, MAX_MESSAGE_CHARS)}...` };
}

/** What ended the runtime is said by the platform; what the handler threw, in the words of Lambda's runtime for Node. */
function toErrorLine({ requestId }: LoggedInvocation, error: GuestError, endedAt: number): string {
  const { errorType, errorMessage } = error;
  if (!/^(Runtime|Function)\./.test(errorType)) {
    return `${new Date(endedAt).toISOString()}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify(error)}\n`;
  }
  const prefix = `RequestId: ${requestId} Error: `;
  const reason = errorMessage.startsWith(prefix) ? errorMessage.slice(prefix.length) : errorMessage;
  return `${prefix}${printable(reason, MAX_MESSAGE_CHARS)}\n${printable(errorType)}\n`;
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
function printable(text: string, most = 256): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is to be removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').slice(0, most);
}
