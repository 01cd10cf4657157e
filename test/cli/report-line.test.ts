import { describe, expect, it } from 'vitest';
import { parseReportLine } from '../../runtime/cli/report-line.ts';
import type { Report } from '../../runtime/contract/outcome.ts';
import { toReportLine } from '../../runtime/events/platform-log.ts';
import { HELLO } from '../gateway/fixture.ts';

const INVOCATION = { requestId: 'ID', target: HELLO, event: new Uint8Array(0), receivedAt: 0, traceId: '' };
const COLD = { compileMs: 3, workerMs: 0, instantiateMs: 0.75, restoreMs: 0.012 };

describe('a REPORT line', () => {
  const lineOf = (report: Report): string => toReportLine(INVOCATION, { kind: 'succeeded', report, log: '' });

  it('is read as it is written', () => {
    const warm = { durationMs: 1.5, fuel: 77, maxMemoryBytes: 3 * 1_048_576, queueMs: 0 };
    expect(parseReportLine(lineOf(warm))).toEqual({ durationMs: 1.5, fuel: 77, maxMemoryMb: 3 });
    expect(parseReportLine(lineOf({ ...warm, cold: COLD }))).toEqual({
      ...{ durationMs: 1.5, fuel: 77, maxMemoryMb: 3 },
      cold: { compile: 3, worker: 0, instantiate: 0.75, restore: 0.012 },
    });
  });

  it('is only ever the last line, which is the one that no guest can write', () => {
    expect(
      parseReportLine(`${lineOf({ durationMs: 1, fuel: 1, maxMemoryBytes: 0, queueMs: 0 })}END\n`),
    ).toBeUndefined();
    expect(parseReportLine('')).toBeUndefined();
  });
});
