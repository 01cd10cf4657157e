import { describe, expect, it } from 'vitest';
import type { Report } from '../../runtime/contract/outcome.ts';
import { type Ran, toInvocationLog, toReportLine } from '../../runtime/events/platform-log.ts';
import { HELLO } from '../gateway/fixture.ts';

const INVOCATION = {
  requestId: 'ID',
  target: HELLO,
  event: new Uint8Array(0),
  receivedAt: 0,
  deadline: 0,
  traceId: '',
};
const REPORT: Report = { durationMs: 14.966, fuel: 77, maxMemoryBytes: 67 * 1_048_576, queueMs: 0 };
const COLD: Report = { ...REPORT, cold: { compileMs: 100, workerMs: 2, instantiateMs: 1, restoreMs: 0.012 } };
const WARM_FIELDS =
  'REPORT RequestId: ID\tDuration: 14.97 ms\tBilled Duration: 15 ms\tMemory Size: 128 MB\tMax Memory Used: 67 MB';

describe('the REPORT line', () => {
  const succeed = (report: Report): Ran => ({ kind: 'succeeded', payload: new Uint8Array(0), report, log: '' });

  it("has Lambda's fields, then the fuel", () => {
    expect(toReportLine(INVOCATION, succeed(REPORT))).toBe(`${WARM_FIELDS}\tFuel: 77\t\n`);
  });

  it('has the init duration and the four phases after a cold start', () => {
    expect(toReportLine(INVOCATION, succeed(COLD))).toBe(
      `${WARM_FIELDS}\tInit Duration: 103.01 ms\tFuel: 77\tCompile: 100.000 ms\tWorker: 2.000 ms\tInstantiate: 1.000 ms\tRestore: 0.012 ms\t\n`,
    );
  });

  it('cannot be forged by the name of an error', () => {
    const error = { errorType: 'E\nREPORT RequestId: X\tFuel: 0', errorMessage: '' };
    const line = toReportLine(INVOCATION, { kind: 'function-error', error, report: REPORT, log: '' });
    expect(line).toBe(`${WARM_FIELDS}\tStatus: error\tError Type: E REPORT RequestId: X Fuel: 0\tFuel: 77\t\n`);
  });
});

describe("an invocation's log", () => {
  it.each<[string, Ran, string, string]>([
    ['success', { kind: 'succeeded', payload: new Uint8Array(0), report: REPORT, log: 'hi' }, 'hi\n', ''],
    [
      'what the handler threw',
      {
        ...{ kind: 'function-error', report: REPORT, log: 'hi' },
        error: { errorType: 'RangeError', errorMessage: 'no\nsuch "page"', stackTrace: ['at a.ts:1:2'] },
      },
      'hi\n1970-01-01T00:00:05.000Z\tID\tERROR\tInvoke Error \t{"errorType":"RangeError","errorMessage":"no\\nsuch \\"page\\"","stackTrace":["at a.ts:1:2"]}\n',
      '\tStatus: error\tError Type: RangeError',
    ],
    [
      'a trap',
      {
        ...{ kind: 'function-error', report: REPORT, log: '' },
        error: {
          errorType: 'Runtime.ExitError',
          errorMessage: 'RequestId: ID Error: Runtime exited with error: trap: unreachable',
        },
      },
      'RequestId: ID Error: Runtime exited with error: trap: unreachable\nRuntime.ExitError\n',
      '\tStatus: error\tError Type: Runtime.ExitError',
    ],
    [
      'a module that has no handler',
      {
        ...{ kind: 'function-error', report: REPORT, log: '' },
        error: { errorType: 'Runtime.InvalidEntrypoint', errorMessage: 'The module exports no\nfunction' },
      },
      'RequestId: ID Error: The module exports no function\nRuntime.InvalidEntrypoint\n',
      '\tStatus: error\tError Type: Runtime.InvalidEntrypoint',
    ],
    [
      'a timeout',
      { kind: 'timed-out', cause: 'deadline', limit: 3_000, report: REPORT, log: '' },
      '1970-01-01T00:00:05.000Z ID Task timed out after 3.00 seconds\n\n',
      '\tStatus: timeout',
    ],
    [
      'exhausted memory',
      { kind: 'out-of-memory', report: REPORT, log: '' },
      'RequestId: ID Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n',
      '\tStatus: error\tError Type: Runtime.OutOfMemory',
    ],
    [
      'a crash',
      { kind: 'crashed', reason: 'thread\nended', report: REPORT, log: '' },
      'RequestId: ID Error: thread ended\n',
      '\tStatus: failure\tError Type: Sandbox.Failure',
    ],
  ])('tells of %s between START and END', (_what, outcome, middle, status) => {
    expect(toInvocationLog(INVOCATION, outcome, 5_000)).toBe(
      `START RequestId: ID Version: $LATEST\n${middle}END RequestId: ID\n${WARM_FIELDS}${status}\tFuel: 77\t\n`,
    );
  });

  it('shows the beginning of a long message', () => {
    const error = { errorType: 'E', errorMessage: 'x'.repeat(100_000) };
    const log = toInvocationLog(INVOCATION, { kind: 'function-error', error, report: REPORT, log: '' }, 5_000);
    expect(log).toMatch(/"errorMessage":"x{32768}\.\.\."}\nEND /);
  });
});
