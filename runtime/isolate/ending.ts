import type { Outcome, Report } from '../contract/outcome.ts';
import type { FuelMeter } from './fuel-meter.ts';
import { GuestFailure } from './guest-failure.ts';
import { ProcExit } from './wasi/index.ts';

/** What an outcome is made of when the guest ended by throwing. */
export interface Ending {
  readonly error: unknown;
  readonly meter: FuelMeter;
  readonly requestId: string;
  readonly timeoutMs: number;
  readonly fuelBudget: number;
  /** True when the guest asked for more memory than it may have. */
  readonly memoryExhausted: boolean;
  readonly report: Report;
  readonly log: string;
}

/** The table of how guests fail, as Lambda words it. Traps are V8's RuntimeErrors, whose messages name the trap. */
export function toFailedOutcome(ending: Ending): Outcome {
  const { meter, requestId, report, log } = ending;
  const error = meter.ended ?? ending.error;
  if (meter.stopped === 'heap') return { kind: 'out-of-memory', report, log };
  if (meter.stopped) {
    const limit = meter.stopped === 'deadline' ? ending.timeoutMs : ending.fuelBudget;
    return { kind: 'timed-out', cause: meter.stopped, limit, report, log };
  }
  if (ending.memoryExhausted) return { kind: 'out-of-memory', report, log };
  const failed = (errorType: string, errorMessage: string, stackTrace?: readonly string[]): Outcome => ({
    kind: 'function-error',
    error: { errorType, errorMessage, ...(stackTrace ? { stackTrace } : {}) },
    report,
    log,
  });
  const ended = (how: string) => failed('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited ${how}`);
  const exited = (how: string) => ended(`with error: ${how}`);
  if (error instanceof GuestFailure) return failed(error.errorType, error.message, error.trace);
  if (error instanceof ProcExit) {
    return error.code === 0 ? ended('without providing a reason') : exited(`exit status ${error.code}`);
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) return exited('stack overflow');
  if (error instanceof WebAssembly.RuntimeError) return exited(`trap: ${error.message}`);
  return {
    kind: 'crashed',
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    report,
    log,
  };
}
