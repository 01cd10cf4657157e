import { describe, expect, it } from 'vitest';
import type { Report } from '../../runtime/contract/outcome.ts';
import { toLogLines } from '../../runtime/events/log-lines.ts';
import { fromLogEntry, type LogRecord, toLogEntry } from '../../runtime/events/logged-invocation.ts';
import type { Logged } from '../../runtime/events/platform-log.ts';

const REPORT: Report = { durationMs: 1.5, fuel: 7, maxMemoryBytes: 1_048_576, queueMs: 0.25 };
const INVOCATION = { requestId: 'ID', target: { version: '3', memoryMb: 128 } };
const OWN = 'DEBUG\tquiet\n{"level":"debug","a":1}\n{"level":"error","a":2}\n{half\nplain\n';
const LEVELS = { applicationLevel: 'INFO', systemLevel: 'INFO' };
const ended = { report: REPORT, log: OWN };
const ENDS: readonly Logged[] = [
  { kind: 'succeeded', ...ended },
  {
    kind: 'succeeded',
    ...ended,
    report: { ...REPORT, cold: { compileMs: 1, workerMs: 2, instantiateMs: 3, restoreMs: 4 } },
  },
  { kind: 'function-error', error: { errorType: 'E', errorMessage: 'm', stackTrace: ['t'] }, ...ended },
  { kind: 'timed-out', cause: 'deadline', limit: 3_000, ...ended },
  { kind: 'timed-out', cause: 'fuel', limit: 9, ...ended },
  { kind: 'out-of-memory', ...ended },
  { kind: 'crashed', reason: 'r', ...ended },
];
const recordOf = (outcome: Logged, jsonLog?: LogRecord['jsonLog']): LogRecord => ({
  ...{ at: 5_000, invocation: INVOCATION, log: outcome.log, outcome },
  ...(jsonLog ? { jsonLog } : {}),
});

describe('an entry of a log', () => {
  it.each(ENDS)('holds all that lines are made of: $kind', (outcome) => {
    const { outcome: _, ...running } = recordOf(outcome, LEVELS);
    for (const record of [
      recordOf(outcome),
      recordOf(outcome, LEVELS),
      running,
      { ...running, hasBegun: true } as const,
    ]) {
      expect(fromLogEntry(JSON.parse(toLogEntry(record)))).toEqual(record);
    }
  });

  it('is told from others', () => {
    for (const row of [[], ['e', 1, 'x'], ['i']]) expect(fromLogEntry(row)).toBeUndefined();
  });
});

describe('the lines of an invocation', () => {
  it("are what the platform and the function say, in Lambda's text", () => {
    expect(
      toLogLines(recordOf({ kind: 'timed-out', cause: 'deadline', limit: 3_000, report: REPORT, log: 'a\n\nb' })),
    ).toEqual([
      'START RequestId: ID Version: 3\n',
      'a\n',
      'b\n',
      '1970-01-01T00:00:05.000Z ID Task timed out after 3.00 seconds\n\n',
      'END RequestId: ID\n',
      expect.stringMatching(/^REPORT RequestId: ID\tDuration: 1\.50 ms\t.*\tStatus: timeout\t.*\n$/),
    ]);
  });

  it('begin and go on while it runs, and end once', () => {
    const [succeeded] = ENDS as [Logged];
    const { outcome: _, ...running } = recordOf({ ...succeeded, log: 'a\n' });
    const hasBegun = { hasBegun: true } as const;
    const records = [
      running,
      { ...running, ...hasBegun, log: 'b\n' },
      { ...recordOf({ ...succeeded, log: 'c\n' }), ...hasBegun },
    ];
    expect(records.flatMap(toLogLines)).toEqual([
      ...['START RequestId: ID Version: 3\n', 'a\n', 'b\n', 'c\n', 'END RequestId: ID\n'],
      expect.stringMatching(/^REPORT /),
    ]);
    const json = records
      .flatMap((record) => toLogLines({ ...record, jsonLog: LEVELS }))
      .map((line) => JSON.parse(line));
    expect(json.map(({ type, message }) => type ?? message)).toEqual([
      'platform.start',
      'a',
      'b',
      'c',
      'platform.report',
    ]);
  });

  const jsonOf = (outcome: Logged, levels = LEVELS): unknown[] =>
    toLogLines(recordOf(outcome, levels)).map((line) => JSON.parse(line));

  it('are JSON objects where the function wants that', () => {
    const own = { timestamp: '1970-01-01T00:00:05.000Z', requestId: 'ID' };
    expect(jsonOf({ kind: 'succeeded', ...ended })).toEqual([
      { time: '1970-01-01T00:00:04.998Z', type: 'platform.start', record: { requestId: 'ID', version: '3' } },
      { level: 'error', a: 2 },
      { ...own, level: 'INFO', message: '{half' },
      { ...own, level: 'INFO', message: 'plain' },
      {
        ...{ time: '1970-01-01T00:00:05.000Z', type: 'platform.report' },
        record: expect.objectContaining({
          ...{ requestId: 'ID', status: 'success' },
          metrics: expect.objectContaining({
            durationMs: 1.5,
            billedDurationMs: 2,
            memorySizeMB: 128,
            maxMemoryUsedMB: 1,
          }),
        }),
      },
    ]);
  });

  it('leave out what is below the levels', () => {
    const typesOf = (outcome: Logged, applicationLevel: string, systemLevel: string): unknown[] =>
      (jsonOf(outcome, { applicationLevel, systemLevel }) as { type?: string; level?: string }[]).map(
        ({ type, level }) => type ?? level,
      );
    const [succeeded] = ENDS as [Logged];
    expect(typesOf(succeeded, 'TRACE', 'DEBUG')).toEqual([
      ...['platform.start', 'DEBUG', 'debug', 'error', 'INFO', 'INFO'],
      ...['platform.runtimeDone', 'platform.report'],
    ]);
    expect(typesOf(succeeded, 'ERROR', 'WARN')).toEqual(['error']);
    expect(typesOf({ kind: 'out-of-memory', report: REPORT, log: '' }, 'FATAL', 'WARN')).toEqual([
      'platform.runtimeDone',
      'platform.report',
    ]);
  });

  it('say as an object what the handler threw', () => {
    const error = { errorType: 'E', errorMessage: 'm', stackTrace: ['t'] };
    const failed: Logged = { kind: 'function-error', error, report: REPORT, log: '' };
    expect(jsonOf(failed)).toEqual([
      expect.objectContaining({ type: 'platform.start' }),
      { timestamp: '1970-01-01T00:00:05.000Z', level: 'ERROR', requestId: 'ID', message: error },
      expect.objectContaining({ type: 'platform.runtimeDone' }),
      expect.objectContaining({ type: 'platform.report' }),
    ]);
    expect(jsonOf(failed, { applicationLevel: 'FATAL', systemLevel: 'WARN' })).toHaveLength(2);
  });

  it('have durations of three digits behind the point', () => {
    const cold = { compileMs: 0.100_000_1, workerMs: 0, instantiateMs: 0.200_000_2, restoreMs: 0.0304 };
    const report = { ...REPORT, durationMs: 0.180_869_999, queueMs: 0.123_456, cold };
    const [, , done, reported] = jsonOf({
      kind: 'function-error',
      error: { errorType: 'E', errorMessage: '' },
      report,
      log: '',
    }) as { record: { metrics: object } }[];
    expect(done?.record.metrics).toEqual({ durationMs: 0.181 });
    expect(reported?.record.metrics).toMatchObject({
      ...{ durationMs: 0.181, queueMs: 0.123, initDurationMs: 0.33 },
      ...{ compileMs: 0.1, workerMs: 0, instantiateMs: 0.2, restoreMs: 0.03 },
    });
  });
});
