import { matches, type Pattern, parsePattern } from '../../patterns/index.ts';
import type { EventSourceSettings } from '../../store/event-source-record.ts';

/** A record as filters see it: its members, and beside them what it carries, as text. */
export interface FilteredRecord {
  readonly members: Readonly<Record<string, unknown>>;
  /** Undefined for records that are JSON all through. */
  readonly data?: string | undefined;
}

export type RecordFilter = (record: FilteredRecord) => boolean;

/**
 * Lets through what any of a mapping's filters matches. What records carry, their `dataMember`, is JSON to a filter that describes an
 * object there, and text to one that lists what it may be; of the other form, it does not match.
 */
export function createRecordFilter(
  criteria: EventSourceSettings['FilterCriteria'],
  dataMember: 'body' | 'data' | undefined,
): RecordFilter {
  const patterns = (criteria?.Filters ?? []).map(({ Pattern: text }) => parsePattern(text));
  if (patterns.length === 0) return () => true;
  return ({ members, data }) => {
    if (dataMember === undefined || data === undefined) return patterns.some((pattern) => matches(pattern, members));
    const json = parse(data);
    return patterns.some((pattern) => {
      if (isOtherForm(pattern, dataMember, json !== undefined)) return false;
      return matches(pattern, { ...members, [dataMember]: json ?? data });
    });
  };
}

function isOtherForm({ inner, leaves }: Pattern, member: string, isJson: boolean): boolean {
  return isJson ? leaves.has(member) : inner.has(member);
}

/** Undefined for what is no JSON object. */
function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
