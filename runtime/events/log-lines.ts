import type { LogRecord } from './logged-invocation.ts';
import {
  toEndLine,
  toFailureLine,
  toLoggedError,
  toPlatformStatus,
  toReportLine,
  toStartLine,
} from './platform-log.ts';
import { toReportRecord, toWholeMicros } from './platform-record.ts';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** What CloudWatch shows of an invocation, an event each: what the platform says, and between it what the function said. */
export function toLogLines(record: LogRecord): readonly string[] {
  return record.jsonLog === undefined ? toTextLines(record) : toJsonLines(record, record.jsonLog);
}

function toTextLines({ at, invocation, log, outcome, hasBegun }: LogRecord): readonly string[] {
  const failure = outcome === undefined ? '' : toFailureLine(invocation, outcome, at);
  return [
    ...(hasBegun ? [] : [toStartLine(invocation)]),
    ...linesOf(log).map((line) => `${line}\n`),
    ...(failure === '' ? [] : [failure]),
    ...(outcome === undefined ? [] : [toEndLine(invocation), toReportLine(invocation, outcome)]),
  ];
}

function toJsonLines(
  { at, invocation, log, outcome, hasBegun }: LogRecord,
  { applicationLevel, systemLevel }: NonNullable<LogRecord['jsonLog']>,
): readonly string[] {
  const { requestId, target } = invocation;
  const time = new Date(at).toISOString();
  const platform = (level: string, when: string, type: string, record: unknown): readonly string[] =>
    reaches(level, systemLevel) ? [`${JSON.stringify({ time: when, type, record })}\n`] : [];
  const own = (text: string): readonly string[] =>
    linesOf(text).flatMap((line) => toOwnLine(line, { timestamp: time, requestId }, applicationLevel));
  const startedAt = new Date(at - (outcome?.report.durationMs ?? 0)).toISOString();
  const start = hasBegun ? [] : platform('INFO', startedAt, 'platform.start', { requestId, version: target.version });
  if (outcome === undefined) return [...start, ...own(log)];
  const status = toPlatformStatus(outcome);
  const failed = status.status !== 'success';
  const done = { requestId, ...status, metrics: { durationMs: toWholeMicros(outcome.report.durationMs) } };
  return [
    ...start,
    ...own(log),
    ...(outcome.kind === 'function-error'
      ? own(JSON.stringify({ timestamp: time, level: 'ERROR', requestId, message: toLoggedError(outcome.error) }))
      : own(toFailureLine(invocation, outcome, at))),
    ...platform(failed ? 'WARN' : 'DEBUG', time, 'platform.runtimeDone', done),
    ...platform(failed ? 'WARN' : 'INFO', time, 'platform.report', toReportRecord(invocation, outcome)),
  ];
}

/** A line that is a JSON object already stays as it is. */
function toOwnLine(
  line: string,
  { timestamp, requestId }: { readonly timestamp: string; readonly requestId: string },
  least: string,
): readonly string[] {
  const own = line.startsWith('{') ? parseObject(line) : undefined;
  if (own !== undefined) return reaches(String(own.level ?? 'INFO').toUpperCase(), least) ? [`${line}\n`] : [];
  const [, level = 'INFO', message = line] = /^(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t(.*)$/.exec(line) ?? [];
  return reaches(level, least) ? [`${JSON.stringify({ timestamp, level, requestId, message })}\n`] : [];
}

/** A level that nobody knows is as INFO. */
function reaches(level: string, least: string): boolean {
  const rank = LEVELS.indexOf(level);
  return (rank < 0 ? LEVELS.indexOf('INFO') : rank) >= LEVELS.indexOf(least);
}

function linesOf(log: string): readonly string[] {
  return log.split('\n').filter((line) => line !== '');
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
