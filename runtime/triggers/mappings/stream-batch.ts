import type { Outcome } from '../../contract/outcome.ts';
import type { EventSourceSettings } from '../../store/event-source-record.ts';
import { Backoff, pause } from './backoff.ts';
import { parseFailures } from './batch-response.ts';
import type { MappedFunction } from './mapped-function.ts';
import { CALL_FAILED, PROCESSED, THROTTLED, toProblem } from './poller.ts';

/** A record that waits for its function. */
export interface WaitingRecord {
  readonly sequenceNumber: string;
  readonly key: string;
  readonly arrivedAt: number;
  readonly json: string;
  readonly bytes: number;
  /** When it was read, in epoch milliseconds. */
  readonly readAt: number;
}

/** Why records are given up. */
export interface Discarded {
  readonly records: readonly WaitingRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExpired';
  /** Of the last call; absent when there was none. */
  readonly call?: {
    readonly requestId: string;
    readonly executedVersion: string;
    readonly failed: boolean;
  };
  readonly invokeCount: number;
}

export interface StreamBatchDeps {
  readonly settings: EventSourceSettings;
  readonly target: MappedFunction;
  readonly toEvent: (records: readonly WaitingRecord[]) => Uint8Array;
  /** What the function answered, when it succeeded; before these records are handled. */
  readonly answered: (payload: Uint8Array) => void;
  /** Done with, one way or the other. */
  readonly handled: (records: readonly WaitingRecord[]) => void;
  /** Resolves when whoever is to know of it does. */
  readonly discard: (discarded: Discarded) => Promise<void>;
  readonly report: (result: string) => void;
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/** Records that go together, and how often they failed. */
interface Portion {
  readonly records: readonly WaitingRecord[];
  readonly failures: number;
}

/** Pauses before a batch is tried again. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 10_000;

/**
 * Brings records to their function in order, again and again until each is handled, too old, or has failed too often; in halves where
 * the mapping says so, which is no further failure. Throttles do not count. Resolves early when it is stopped, with what is not handled
 * left to be read again.
 */
export async function runStreamBatch(records: readonly WaitingRecord[], deps: StreamBatchDeps): Promise<void> {
  const { settings, target, signal, report, handled } = deps;
  const { MaximumRetryAttempts: most = -1, BisectBatchOnFunctionError: isBisected = false } = settings;
  const backoff = new Backoff(FIRST_PAUSE_MS, LAST_PAUSE_MS);
  const portions: Portion[] = [{ records, failures: 0 }];
  for (let portion = portions.shift(); portion !== undefined && !signal.aborted; portion = portions.shift()) {
    const { failures } = portion;
    const fresh = await withoutOld(portion, deps);
    if (fresh.length === 0 && portion.records.length > 0) continue;
    const call = await invoke(target, deps.toEvent(fresh), report);
    if (call === undefined || call.outcome.kind === 'refused') {
      if (call !== undefined) report(THROTTLED);
      portions.unshift({ records: fresh, failures });
      await pause(backoff.next(), signal);
      continue;
    }
    const { outcome, requestId } = call;
    if (outcome.kind === 'succeeded') deps.answered(outcome.payload);
    const handledCount = countHandled(fresh, outcome, settings);
    if (handledCount > 0) handled(fresh.slice(0, handledCount));
    const rest = fresh.slice(handledCount);
    if (handledCount === fresh.length && outcome.kind === 'succeeded') {
      report(PROCESSED);
      backoff.reset();
      continue;
    }
    report(CALL_FAILED);
    if (isBisected && rest.length > 1) {
      portions.unshift(...(handledCount > 0 ? [rest] : halvesOf(rest)).map((each) => ({ records: each, failures })));
    } else if (most >= 0 && failures >= most) {
      const last = { requestId, executedVersion: call.target.version, failed: outcome.kind !== 'succeeded' };
      const condition = 'RetryAttemptsExhausted';
      await deps.discard({ records: rest, condition, call: last, invokeCount: failures + 1 });
      if (!signal.aborted) handled(rest);
    } else {
      portions.unshift({ records: rest, failures: failures + 1 });
      await pause(backoff.next(), signal);
    }
  }
}

/** Gives up what is too old; answers the rest. */
async function withoutOld({ records, failures }: Portion, deps: StreamBatchDeps): Promise<readonly WaitingRecord[]> {
  const { MaximumRecordAgeInSeconds: most = -1 } = deps.settings;
  const oldest = most < 0 ? Number.NEGATIVE_INFINITY : deps.clock() - most * 1_000;
  const old = records.filter(({ arrivedAt }) => arrivedAt < oldest);
  if (old.length === 0) return records;
  await deps.discard({ records: old, condition: 'RecordAgeExpired', invokeCount: failures });
  if (!deps.signal.aborted) deps.handled(old);
  return records.filter(({ arrivedAt }) => arrivedAt >= oldest);
}

/** Undefined when there is no function to call now. */
async function invoke(target: MappedFunction, event: Uint8Array, report: StreamBatchDeps['report']) {
  try {
    return await target.invoke(event);
  } catch (error) {
    report(toProblem(error));
    return undefined;
  }
}

/** How many of the first records are handled: those before the lowest one that is reported. */
function countHandled(
  records: readonly WaitingRecord[],
  outcome: Outcome,
  { FunctionResponseTypes: types }: EventSourceSettings,
): number {
  if (outcome.kind !== 'succeeded') return 0;
  if (records.length === 0 || !types?.includes('ReportBatchItemFailures')) return records.length;
  const all = new Set(records.map(({ sequenceNumber }) => sequenceNumber));
  const failures = parseFailures(outcome.payload, (identifier) => all.has(identifier));
  if (failures === 'all') return 0;
  if (failures === 'none') return records.length;
  return records.findIndex(({ sequenceNumber }) => failures.has(sequenceNumber));
}

function halvesOf(records: readonly WaitingRecord[]): readonly (readonly WaitingRecord[])[] {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)];
}
