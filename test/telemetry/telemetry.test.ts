import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome, Report } from '../../runtime/contract/outcome.ts';
import { createTelemetry, type Telemetry } from '../../runtime/telemetry/index.ts';
import { HELLO } from '../gateway/fixture.ts';

const PRICES = { currency: 'USD', perRequest: 0.01, perGbSecond: 0.1 };
const INVOCATION = {
  requestId: 'ID',
  target: HELLO,
  event: new Uint8Array(0),
  receivedAt: 1_000,
  deadline: 0,
  traceId: '',
};
const REPORT: Report = { durationMs: 10, fuel: 100, maxMemoryBytes: 65_536, queueMs: 2 };
const COLD: Report = { ...REPORT, cold: { compileMs: 4, workerMs: 3, instantiateMs: 2, restoreMs: 1 } };
const ok = (log = '', report = REPORT): Outcome => ({ kind: 'succeeded', payload: new Uint8Array(0), report, log });
const refused: Outcome = { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 };

/** A sink that remembers its writes and says it is full when told to. */
class Sink extends EventEmitter {
  readonly writes: string[] = [];
  full = false;
  write(text: string): boolean {
    this.writes.push(text);
    return !this.full;
  }
}

let sink: Sink;
beforeEach(() => {
  vi.useFakeTimers();
  sink = new Sink();
});
afterEach(() => vi.useRealTimers());

function create(log: 'text' | 'json' | 'off', mayLog: () => boolean | Promise<boolean> = () => true): Telemetry {
  const live = {
    liveIsolates: () => 5,
    liveThreads: () => 4,
    concurrentExecutions: () => 3,
    queued: () => 2,
    asyncEvents: () => ({ size: 7, age: 1_500 }),
  };
  return createTelemetry({ config: { log, prices: PRICES }, sink, live, mayLog, clock: () => 2_000 });
}

describe('the metrics', () => {
  it("count under Lambda's names", async () => {
    const { observer, metrics } = create('off');
    observer.invocationEnded(INVOCATION, ok('', COLD));
    observer.invocationEnded(INVOCATION, { kind: 'out-of-memory', report: REPORT, log: '' });
    observer.invocationEnded(INVOCATION, refused);
    observer.threadDied('oom', 3);
    observer.asyncEventEnded('hello', 'RetriesExhausted');
    observer.artifactLoaded('a', { compileMs: 5, imageMs: 1 });
    const { contentType, body } = await metrics();
    expect(contentType).toMatch(/^text\/plain/);
    for (const line of [
      'isola_invocations_total{function_name="hello"} 2',
      'isola_errors_total{function_name="hello",outcome="out-of-memory"} 1',
      'isola_throttles_total{function_name="hello"} 1',
      'isola_fuel_total{function_name="hello"} 200',
      'isola_billed_duration_seconds_total{function_name="hello"} 0.02',
      'isola_gb_seconds_total{function_name="hello"} 0.0025',
      'isola_cost_total{function_name="hello"} 0.02025',
      'isola_cold_starts_total{function_name="hello"} 1',
      'isola_duration_seconds_sum{function_name="hello"} 0.02',
      'isola_duration_seconds_bucket{le="0.005",function_name="hello"} 0',
      'isola_duration_seconds_bucket{le="0.01",function_name="hello"} 2',
      'isola_duration_seconds_bucket{le="+Inf",function_name="hello"} 2',
      'isola_duration_seconds_count{function_name="hello"} 2',
      'isola_queue_wait_seconds_count{function_name="hello"} 2',
      'isola_cold_start_seconds_sum{phase="compile"} 0.004',
      'isola_cold_start_seconds_sum{phase="restore"} 0.001',
      'isola_artifact_load_seconds_sum{phase="compile"} 0.005',
      'isola_thread_deaths_total 1',
      'isola_lost_invocations_total 3',
      'isola_live_isolates 5',
      'isola_live_threads 4',
      'isola_concurrent_executions 3',
      'isola_queued_invocations 2',
      'isola_async_queued_events 7',
      'isola_async_oldest_event_seconds 1.5',
      'isola_async_events_total{function_name="hello",ending="RetriesExhausted"} 1',
    ]) {
      expect(body.split('\n')).toContain(line);
    }
  });

  it('do not mix between two processes in one', async () => {
    create('off').observer.invocationEnded(INVOCATION, ok());
    expect((await create('off').metrics()).body).not.toContain('isola_invocations_total{');
  });
});

describe('the log', () => {
  it('gathers the lines of many invocations into one write', () => {
    const { observer } = create('text');
    for (let i = 0; i < 100; i += 1) observer.invocationEnded(INVOCATION, ok('hi\n'));
    expect(sink.writes).toEqual([]);
    vi.advanceTimersByTime(25);
    expect(sink.writes).toHaveLength(1);
    expect(sink.writes[0]!.split('\n').slice(0, 3)).toEqual([
      '[hello] START RequestId: ID Version: $LATEST',
      '[hello] hi',
      '[hello] END RequestId: ID',
    ]);
  });

  it("shows a guest's control characters instead of obeying them", async () => {
    const { observer, close } = create('text');
    observer.invocationEnded(INVOCATION, ok('\x1b[2J\tok\r\n'));
    await close();
    expect(sink.writes[0]).toContain('[hello] \\x1b[2J\tok\\x0d\n');
  });

  it('is one JSON object per line for collectors', async () => {
    const { observer, close } = create('json');
    observer.invocationEnded(INVOCATION, ok('hi\n', COLD));
    observer.noticed('warn', 'look');
    await close();
    const lines = sink.writes
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.type ?? line.message)).toEqual([
      'platform.start',
      'function',
      'platform.report',
      'look',
    ]);
    expect(lines[0].time).toBe('1970-01-01T00:00:01.002Z');
    expect(lines[1]).toMatchObject({ functionName: 'hello', record: { requestId: 'ID', message: 'hi' } });
    expect(lines[2].record).toMatchObject({
      status: 'success',
      metrics: { durationMs: 10, billedDurationMs: 10, memorySizeMB: 128, initDurationMs: 10, fuel: 100, queueMs: 2 },
    });
  });

  it("leaves the function's own lines out where its role does not let it log", async () => {
    const { observer, close } = create('text', () => false);
    observer.invocationEnded(INVOCATION, ok('secret\n'));
    const waiting = create('text', () => Promise.resolve(true));
    waiting.observer.invocationEnded(INVOCATION, ok('later\n'));
    await Promise.resolve();
    await close();
    await waiting.close();
    const text = sink.writes.join('');
    expect(text).not.toContain('secret');
    expect(text.match(/REPORT RequestId: ID/g)).toHaveLength(2);
    expect(text).toContain('[hello] later');
  });

  it('is silent when off, and about refusals', async () => {
    const off = create('off');
    off.observer.invocationEnded(INVOCATION, ok('hi\n'));
    off.observer.noticed('error', 'x');
    const text = create('text');
    text.observer.invocationEnded(INVOCATION, refused);
    await off.close();
    await text.close();
    expect(sink.writes).toEqual([]);
  });

  it('waits for a slow sink, holds a bounded amount, and says what it dropped', () => {
    const { observer } = create('text');
    sink.full = true;
    const large = `${'x'.repeat(1_000_000)}\n`;
    for (let i = 0; i < 20; i += 1) observer.invocationEnded(INVOCATION, ok(large));
    vi.advanceTimersByTime(1_000);
    expect(sink.writes).toHaveLength(1);
    sink.full = false;
    sink.emit('drain');
    expect(sink.writes).toHaveLength(2);
    expect(sink.writes.join('').length).toBeLessThan(10_000_000);
    expect(sink.writes[1]).toMatch(/The log fell behind: 11 entries were dropped\.\n$/);
  });
});
