import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Invocation } from '../../runtime/contract/invocation.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { FunctionUsage } from '../../runtime/contract/usage.ts';
import { UsageMeter } from '../../runtime/telemetry/usage-meter.ts';
import { HELLO } from '../gateway/fixture.ts';

const REPORT = { durationMs: 9.1, fuel: 100, maxMemoryBytes: 65_536, queueMs: 2 };
const OK: Outcome = { kind: 'succeeded', payload: new Uint8Array(), report: REPORT, log: '' };
const DIED: Outcome = { kind: 'out-of-memory', report: REPORT, log: '' };
const REFUSED: Outcome = { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 };
const [, , , region, accountId] = HELLO.arn.split(':');
const USED = {
  ...{ region, accountId, day: '2026-11-21', functionName: 'hello' },
  ...{ requests: 1, errors: 0, throttles: 0, billedMs: 10, gbSeconds: 0.001_25, fuel: 100 },
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 23, 59, 45) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A meter whose book keeps `pages`, unless it is `full`. */
function create() {
  const pages: (readonly FunctionUsage[])[] = [];
  const failures: string[] = [];
  const meter = new UsageMeter(Date.now, ({ message }) => failures.push(message));
  const book = {
    full: false,
    async add(usage: readonly FunctionUsage[]): Promise<void> {
      if (book.full) throw new Error('no room');
      pages.push(usage);
    },
  };
  const record = (outcome = OK, target = HELLO) =>
    meter.record(
      { requestId: 'r', target, event: new Uint8Array(), receivedAt: 0, traceId: '' } as Invocation,
      outcome,
    );
  return { meter, book, pages, failures, record };
}

describe('the usage meter', () => {
  it('writes what functions used once a second, and nothing while they do nothing', async () => {
    const { meter, book, pages, record } = create();
    meter.open(book);
    await vi.advanceTimersByTimeAsync(15_000);
    expect([pages, vi.getTimerCount()]).toEqual([[], 0]);
    for (const outcome of [OK, OK, DIED, REFUSED]) record(outcome);
    record(OK, { ...HELLO, arn: 'arn:aws:lambda:eu-west-1:111111111111:function:other', memoryMb: 1_024 });
    await vi.advanceTimersByTimeAsync(999);
    expect(pages).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    const sums = { requests: 3, errors: 1, throttles: 1, billedMs: 30, gbSeconds: 0.003_75, fuel: 300 };
    const other = { region: 'eu-west-1', accountId: '111111111111', functionName: 'other', gbSeconds: 0.01 };
    const day = '2026-11-22';
    expect(pages).toEqual([
      [
        { ...USED, day, ...sums },
        { ...USED, day, ...other },
      ],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('holds what comes before there is a place for it', async () => {
    const { meter, book, pages, record } = create();
    record();
    meter.open(book);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pages).toEqual([[USED]]);
  });

  it('writes later what could not be written, and says so once', async () => {
    const { meter, book, pages, failures, record } = create();
    meter.open(book);
    book.full = true;
    record();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([pages, failures]).toEqual([[], ['no room']]);
    record();
    book.full = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pages).toMatchObject([[{ requests: 2, billedMs: 20 }]]);
  });

  it('has written everything that came before, when it is asked to', async () => {
    const { meter, book, pages, record } = create();
    meter.open(book);
    record();
    await Promise.all(
      [meter.write(), meter.write()].map((written) => written.then(() => expect(pages).toHaveLength(1))),
    );
    record();
    await meter.close();
    expect(pages).toHaveLength(2);
    record();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(pages).toHaveLength(2);
  });
});
