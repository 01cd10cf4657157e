import type { ColdStart } from '../contract/outcome.ts';
import {
  type Logged,
  type LoggedInvocation,
  toBilledMs,
  toInitMs,
  toMemoryMb,
  toPlatformStatus,
} from './platform-log.ts';

/** The record of `platform.report` in Lambda's JSON log format, with our metrics behind Lambda's. */
export function toReportRecord(invocation: LoggedInvocation, outcome: Logged): Readonly<Record<string, unknown>> {
  const { report } = outcome;
  const { cold } = report;
  return {
    requestId: invocation.requestId,
    metrics: {
      durationMs: toWholeMicros(report.durationMs),
      billedDurationMs: toBilledMs(report),
      memorySizeMB: invocation.target.memoryMb,
      maxMemoryUsedMB: toMemoryMb(report),
      ...(cold ? { initDurationMs: toWholeMicros(toInitMs(cold)), ...toPhases(cold) } : {}),
      fuel: report.fuel,
      queueMs: toWholeMicros(report.queueMs),
    },
    ...toPlatformStatus(outcome),
  };
}

/** Milliseconds with three digits behind the point, as Lambda writes them. */
export function toWholeMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function toPhases({ compileMs, workerMs, instantiateMs, restoreMs }: ColdStart): ColdStart {
  return {
    compileMs: toWholeMicros(compileMs),
    workerMs: toWholeMicros(workerMs),
    instantiateMs: toWholeMicros(instantiateMs),
    restoreMs: toWholeMicros(restoreMs),
  };
}
