import { describe, expect, it } from 'vitest';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { LOG_INVOCATION_BYTES } from '../../runtime/contract/limits.ts';
import { buildArtifact } from '../../runtime/isolate/index.ts';
import type { SnapshotMode } from '../../runtime/snapshot/index.ts';
import { textOf, toInThread } from '../support/in-thread.ts';
import { assemble, guest } from '../support/wat.ts';

function createIsolate(name: string, settings: Partial<FunctionVersion> = {}, mode: SnapshotMode = 'auto') {
  return toInThread(guest(name), { settings, mode });
}

describe('an isolate', () => {
  it('returns what the handler returns, and reports the cold start once', () => {
    const { invoke } = createIsolate('echo');
    const first = invoke({ hello: 'wörld' });
    expect(JSON.parse(textOf(first))).toEqual({ hello: 'wörld' });
    expect(first).toHaveProperty('report.cold.instantiateMs');
    expect(invoke()).not.toHaveProperty('report.cold');
  });

  it.each(['auto', 'copy'] as const)('starts every invocation from the image (%s)', (mode) => {
    const { invoke } = createIsolate('counter', {}, mode);
    expect([invoke(), invoke(), invoke()].map(textOf)).toEqual(['1', '1', '1']);
  });

  it('keeps state between invocations when the function asks for it', () => {
    const { invoke } = createIsolate('counter', { isolation: 'environment' });
    expect([invoke(), invoke(), invoke()].map(textOf)).toEqual(['1', '2', '3']);
  });

  it('burns the same fuel for the same event', () => {
    const { invoke } = createIsolate('counter');
    const fuel = [invoke(), invoke(), invoke()].map((outcome) => (outcome as { report: { fuel: number } }).report.fuel);
    expect(new Set(fuel).size).toBe(1);
    expect(fuel[0]).toBeGreaterThan(5);
  });

  it('stops an endless loop at its timeout and serves the next invocation', () => {
    const { invoke } = createIsolate('spin', { timeoutMs: 100 });
    const began = performance.now();
    expect(invoke()).toMatchObject({ kind: 'timed-out', cause: 'deadline', limit: 100 });
    expect(performance.now() - began).toBeGreaterThanOrEqual(100);
    expect(invoke()).toMatchObject({ kind: 'timed-out' });
  });

  it('stops a guest that has burnt its fuel, at the same point each time', () => {
    const { invoke } = createIsolate('spin', { timeoutMs: 60_000, fuelBudget: 1_000_000 });
    const [one, two] = [invoke(), invoke()];
    expect(one).toMatchObject({ kind: 'timed-out', cause: 'fuel', limit: 1_000_000 });
    expect((one as { report: { fuel: number } }).report.fuel).toBe((two as { report: { fuel: number } }).report.fuel);
  });

  it("ends endless recursion as the function's error, again and again", () => {
    const { invoke } = createIsolate('recurse', { timeoutMs: 10_000 });
    for (let index = 0; index < 20; index++) {
      expect(invoke()).toMatchObject({ kind: 'function-error', error: { errorType: 'Runtime.ExitError' } });
    }
  });

  it('names the trap', () => {
    expect(createIsolate('trap').invoke()).toMatchObject({
      kind: 'function-error',
      error: { errorMessage: 'RequestId: r-1 Error: Runtime exited with error: trap: divide by zero' },
    });
  });

  it.each([
    [
      'what it fails with',
      '(import "isola" "fail" (func $end (param i32 i32 i32 i32)))',
      '(call $end (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 4))',
      { errorType: 'Own', errorMessage: 'mine' },
    ],
    [
      'its exit code',
      '(import "wasi_snapshot_preview1" "proc_exit" (func $end (param i32)))',
      '(call $end (i32.const 7))',
      { errorMessage: 'RequestId: r-1 Error: Runtime exited with error: exit status 7' },
    ],
  ])('does not let a guest catch %s', (_, imported, end, error) => {
    const wasm = assemble(`(module ${imported} (memory (export "memory") 1) (data (i32.const 0) "Ownmine")
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64) (try (do ${end}) (catch_all)) (i64.const 0)))`);
    const { invoke } = toInThread(wasm);
    for (let again = 0; again < 2; again++) expect(invoke()).toMatchObject({ kind: 'function-error', error });
  });

  it('ends a guest that outgrows its memory as out of memory', () => {
    const outcome = createIsolate('balloon', { memoryMb: 128 }).invoke();
    expect(outcome.kind).toBe('out-of-memory');
    expect(outcome).toMatchObject({ report: { maxMemoryBytes: expect.any(Number) } });
  });

  it('ends a guest that outgrows its memory at its start as out of memory, too', () => {
    expect(createIsolate('balloon-at-start').invoke().kind).toBe('out-of-memory');
  });

  it('runs a start function that never ends against the clock at every invocation, and has no image of it', () => {
    const { invoke, image } = toInThread(guest('spin-start'), {
      settings: { timeoutMs: 100 },
      build: { initTimeoutMs: 100 },
    });
    expect(image).toBeUndefined();
    expect(invoke()).toMatchObject({ kind: 'timed-out', cause: 'deadline' });
  });

  it('bounds what a guest logs', () => {
    const outcome = createIsolate('log-flood', { timeoutMs: 300 }).invoke();
    expect(outcome).toMatchObject({ kind: 'timed-out' });
    const { log } = outcome as { log: string };
    expect(log.length).toBeLessThan(LOG_INVOCATION_BYTES + 4096);
    expect(log).toMatch(/\n\[\d{6,} characters were dropped: [^\n]*\]\n$/);
  });

  it.each([
    ['wild-result', 'Runtime.InvalidPointer'],
    ['huge-result', 'Function.ResponseSizeTooLarge'],
    ['bad-utf8', 'Runtime.InvalidResponse'],
  ])('answers %s with %s', (name, errorType) => {
    expect(createIsolate(name).invoke()).toMatchObject({ kind: 'function-error', error: { errorType } });
  });

  it('answers host calls with ranges outside of the memory with error values', () => {
    expect(textOf(createIsolate('wild-pointers').invoke())).toBe('1');
  });

  it("gives the guest Lambda's context", () => {
    expect(JSON.parse(textOf(createIsolate('context').invoke()))).toMatchObject({
      awsRequestId: 'r-1',
      functionName: 'f',
      memoryLimitInMB: 128,
      traceId: 'Root=1-01234567-89abcdef0123456789abcdef;Parent=0123456789abcdef;Sampled=1',
      traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
      deadlineMs: expect.any(Number),
    });
  });
});

describe('building an artifact', () => {
  const refusal = (name: string) => {
    const built = buildArtifact(guest(name), { memoryMb: 128, handler: 'index.handler' });
    return built.kind === 'refused' ? built.message : 'accepted';
  };

  it('names an import that nobody serves', () => {
    expect(refusal('unknown-import')).toContain('"env.launch_missiles"');
  });

  it('refuses a memory that starts above the limit', () => {
    expect(refusal('greedy')).toContain('needs 256 MB');
  });

  it('refuses what is not WebAssembly, truncated or not', () => {
    const whole = guest('echo');
    for (let length = 0; length < whole.byteLength; length += 7) {
      expect(buildArtifact(whole.slice(0, length), { memoryMb: 128, handler: 'index.handler' }).kind).toBe('refused');
    }
  });

  it('is deterministic', () => {
    const [one, two] = [1, 2].map(() => buildArtifact(guest('counter'), { memoryMb: 128, handler: 'index.handler' }));
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });
});
