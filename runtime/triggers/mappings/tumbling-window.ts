import { MIB } from '../../contract/limits.ts';
import type { OpenWindow } from './checkpoints.ts';

/** Lambda ends a window early whose state is larger, in bytes of JSON. */
export const STATE_BYTES: number = MIB;

/** Where the window begins that a time is in: windows of a length follow each other from the epoch on. */
export function windowStart(at: number, lengthMs: number): number {
  return Math.floor(at / lengthMs) * lengthMs;
}

/** What an event says of its window besides its records. */
export interface WindowEvent {
  readonly window: OpenWindow;
  readonly lengthMs: number;
  readonly shardId: string;
  readonly arn: string;
  readonly phase: 'open' | 'final' | 'early';
}

/** Members of an event, JSON without braces. */
export function toWindowMembers({ window, lengthMs, shardId, arn, phase }: WindowEvent): string {
  const members = {
    window: { start: toSeconds(window.start), end: toSeconds(window.start + lengthMs) },
    ...{ state: window.state, shardId, eventSourceARN: arn },
    ...{ isFinalInvokeForWindow: phase !== 'open', isWindowTerminatedEarly: phase === 'early' },
  };
  return JSON.stringify(members).slice(1, -1);
}

/** The state that a function answered: an empty one when it answered none. */
export function parseState(payload: Uint8Array): unknown {
  try {
    const answer = JSON.parse(Buffer.from(payload).toString()) as { readonly state?: unknown } | null;
    const state = answer?.state;
    return typeof state === 'object' && state !== null ? state : {};
  } catch {
    return {};
  }
}

function toSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
