import { invalid } from './log-error.ts';
import { EVENT_BYTES } from './reading.ts';

export interface PutEvent {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

/** Events that are not kept, as their indexes bound them. */
export interface Rejected {
  readonly tooNewLogEventStartIndex?: number;
  readonly tooOldLogEventEndIndex?: number;
  readonly expiredLogEventEndIndex?: number;
}

const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
const LONGEST_MESSAGE = 262_144 - EVENT_BYTES;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What of a request is kept, in CloudWatch Logs' limits. Throws for a request that is none. */
export function sortAccepted(
  events: readonly PutEvent[],
  {
    now,
    retentionDays = Number.POSITIVE_INFINITY,
  }: { readonly now: number; readonly retentionDays?: number | undefined },
): { readonly accepted: readonly PutEvent[]; readonly rejected: Rejected } {
  assertEvents(events);
  const expired = events.filter(({ timestamp }) => timestamp < now - retentionDays * DAY_MS).length;
  const old = events.filter(({ timestamp }) => timestamp < now - 14 * DAY_MS).length;
  const fresh = events.filter(({ timestamp }) => timestamp <= now + 2 * HOUR_MS).length;
  return {
    accepted: events.slice(Math.max(expired, old), fresh),
    rejected: {
      ...(fresh < events.length ? { tooNewLogEventStartIndex: fresh } : {}),
      ...(old > 0 ? { tooOldLogEventEndIndex: old } : {}),
      ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
    },
  };
}

function assertEvents(events: readonly PutEvent[]): void {
  if (events.length < 1 || events.length > MOST_EVENTS) {
    throw invalid(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and ${MOST_EVENTS}`,
    );
  }
  let bytes = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const { timestamp, message } of events) {
    if (timestamp < 0) throw invalid('The timestamp of a log event must not be negative.');
    const size = Buffer.byteLength(message);
    if (size < 1)
      throw invalid(
        "1 validation error detected: Value '' at 'logEvents.message' failed to satisfy constraint: Member must have length greater than or equal to 1",
      );
    if (size > LONGEST_MESSAGE)
      throw invalid(`Log event too large: ${size + EVENT_BYTES} bytes exceeds limit of 262144`);
    if (timestamp < before) {
      throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
    }
    before = timestamp;
    bytes += size + EVENT_BYTES;
  }
  if (bytes > MOST_BYTES) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BYTES}`);
  if (before - (events[0] as PutEvent).timestamp > DAY_MS) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}
