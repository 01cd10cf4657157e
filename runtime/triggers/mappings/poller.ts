/** Whatever brings the records of one mapping to its function, from its making on. */
export interface Poller {
  /** Reads no more; resolves when nothing runs. */
  stop(): Promise<void>;
}

/** What a mapping shows of its last batch. */
export const PROCESSED = 'OK';
export const CALL_FAILED = 'PROBLEM: Function call failed';
export const THROTTLED = 'PROBLEM: the function is throttled';

/** The same of what went wrong before a batch was there. */
export function toProblem(error: unknown): string {
  const { message, code, name } = error as { message?: string; code?: unknown; name?: string };
  return `PROBLEM: ${message || code || name || 'unknown'}`;
}
