import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FunctionLines, KeepLines } from '../../runtime/contract/function-lines.ts';
import type { Report } from '../../runtime/contract/outcome.ts';
import type { Ran } from '../../runtime/events/platform-log.ts';
import { FunctionLog } from '../../runtime/telemetry/function-log.ts';
import { HELLO } from '../gateway/fixture.ts';

const REPORT: Report = { durationMs: 1, fuel: 1, maxMemoryBytes: 1, queueMs: 0 };
const ended = (log = ''): Ran => ({ kind: 'succeeded', payload: new Uint8Array(1_000), report: REPORT, log });
const invocation = (requestId: string, target = HELLO) => ({
  ...{ requestId, target, event: new Uint8Array(1_000), receivedAt: 0, traceId: '' },
});

describe("functions' lines on their way to their groups", () => {
  let lost: string[];
  let log: FunctionLog;
  let kept: (readonly FunctionLines[])[];
  const keep: KeepLines = async (lines) => void kept.push(lines);
  beforeEach(() => {
    vi.useFakeTimers();
    lost = [];
    kept = [];
    log = new FunctionLog((invocations, reason) => lost.push(`${invocations}: ${reason}`));
  });
  afterEach(() => vi.useRealTimers());

  it('go together, those of one version beside each other, half a second after the first', async () => {
    log.open(keep);
    const other = { ...HELLO, name: 'other', logGroup: '/other' };
    log.take(invocation('a'), ended(), 1_000);
    log.take(invocation('b', other), ended(), 1_001);
    log.take(invocation('c'), ended('said\n'), 1_002);
    await vi.advanceTimersByTimeAsync(499);
    expect(kept).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await expect.poll(() => kept.length).toBe(1);
    expect(kept[0]).toMatchObject([
      {
        ...{
          owner: { logGroup: HELLO.logGroup, logStream: HELLO.logStream, role: HELLO.role },
          from: 1_000,
          to: 1_002,
        },
        entries: [expect.stringContaining('"a"'), expect.stringContaining('said')],
      },
      { owner: { logGroup: '/other' }, entries: [expect.stringContaining('"b"')] },
    ]);
    expect(log.counts).toEqual({ kept: 3, lost: 0 });
  });

  it('are not held where they have nowhere to go', async () => {
    log.take(invocation('a'), ended(), 1_000);
    log.open(keep);
    await log.settled();
    expect(kept).toEqual([]);
  });

  it('are dropped, counted and said to be when the disk takes none, now and then', async () => {
    let fails: (error: Error) => void = () => undefined;
    log.open(
      () =>
        new Promise((_, reject) => {
          fails = reject;
        }),
    );
    const long = ended('x'.repeat(1_000_000));
    for (let turn = 0; turn < 30; turn++) log.take(invocation(`${turn}`), long, turn);
    const settled = log.settled();
    const failing = setInterval(() => fails(new Error('no room')), 1);
    await vi.advanceTimersByTimeAsync(100);
    await settled;
    clearInterval(failing);
    expect(log.counts).toEqual({ kept: 0, lost: 30 });
    expect(lost).toEqual(['1: no room']);
  });
});
