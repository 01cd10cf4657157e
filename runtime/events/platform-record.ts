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
      durationMs: report.durationMs,
      billedDurationMs: toBilledMs(report),
      memorySizeMB: invocation.target.memoryMb,
      maxMemoryUsedMB: toMemoryMb(report),
      ...(cold ? { initDurationMs: toInitMs(cold), ...cold } : {}),
      fuel: report.fuel,
      queueMs: report.queueMs,
    },
    ...toPlatformStatus(outcome),
  };
}
