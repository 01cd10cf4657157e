import { toLogLines } from '../events/log-lines.ts';
import { fromTextEntry } from '../events/log-text.ts';
import { fromLogEntry } from '../events/logged-invocation.ts';
import type { StoredEntry } from '../store/log-store.ts';

/** Where an event is among all that its group ever had: an entry's place, and which line of it. */
export interface Position {
  readonly place: number;
  readonly line: number;
}

export interface LogEvent extends Position {
  readonly stream: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cameAt: number;
  readonly message: string;
}

/** The events that an entry stands for; none when it is damaged. */
export function toLogEvents({ text, stream, place, at: cameAt }: StoredEntry): readonly LogEvent[] {
  const row = parseRow(text);
  const plain = fromTextEntry(row);
  if (plain !== undefined) return [{ ...plain, stream, cameAt, place, line: 0 }];
  const record = fromLogEntry(row);
  if (record === undefined) return [];
  return toLogLines(record).map((message, line) => ({ stream, at: record.at, cameAt, message, place, line }));
}

/** As many digits as AWS's have. */
export function toEventId({ place, line }: Position): string {
  return `${String(place).padStart(44, '0')}${String(line).padStart(12, '0')}`;
}

export function comparePositions(one: Position, other: Position): number {
  return one.place - other.place || one.line - other.line;
}

function parseRow(text: string): readonly unknown[] {
  try {
    const row: unknown = JSON.parse(text);
    return Array.isArray(row) ? row : [];
  } catch {
    return [];
  }
}
