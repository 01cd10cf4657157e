import type { KeyRange } from '../store/bucket-store.ts';
import { endOf } from '../store/prefix-end.ts';
import type { ObjectRecord } from './bucket-record.ts';

export interface ListingOptions {
  readonly prefix: string;
  /** '' for none. */
  readonly delimiter: string;
  /** Keys and common prefixes behind this one; '' for all. */
  readonly after: string;
  /** Objects and common prefixes together. */
  readonly most: number;
}

/** A part of what is in a bucket, in the order of keys' bytes. */
export interface Listing {
  readonly objects: readonly ObjectRecord[];
  /** What keys have in common up to the delimiter; they stand for all of those keys. */
  readonly prefixes: readonly string[];
  /** What the next part is `after`; undefined when there is none. */
  readonly next?: string;
}

/** Rows read at a time. */
const PAGE = 500;

export function list(read: (range: KeyRange) => readonly ObjectRecord[], options: ListingOptions): Listing {
  const objects: ObjectRecord[] = [];
  const prefixes: string[] = [];
  let last = '';
  for (const entry of entriesOf(read, options)) {
    if (objects.length + prefixes.length === options.most) {
      return options.most === 0 ? { objects, prefixes } : { objects, prefixes, next: last };
    }
    if (typeof entry === 'string') prefixes.push(entry);
    else objects.push(entry);
    last = typeof entry === 'string' ? entry : entry.key;
  }
  return { objects, prefixes };
}

/** Objects, and common prefixes as text; what a prefix stands for is not read further than the page that it is found on. */
function* entriesOf(
  read: (range: KeyRange) => readonly ObjectRecord[],
  options: ListingOptions,
): Generator<ObjectRecord | string> {
  const { prefix } = options;
  const before = prefix === '' ? undefined : endOf(Buffer.from(prefix));
  let from = startOf(options);
  while (from !== undefined) {
    const rows = read({ from, before, limit: PAGE });
    let common: string | undefined;
    for (const row of rows) {
      if (common !== undefined && row.key.startsWith(common)) continue;
      common = commonOf(row.key, options);
      yield common ?? row;
    }
    const last = rows.at(-1)?.key;
    if (last === undefined || rows.length < PAGE) return;
    from = common === undefined ? behind(last) : endOf(Buffer.from(common));
  }
}

function startOf({ prefix, delimiter, after }: ListingOptions): Uint8Array | undefined {
  const first = Buffer.from(prefix);
  if (after === '') return first;
  const isCommon = commonOf(after, { prefix, delimiter }) === after;
  const start = isCommon ? endOf(Buffer.from(after)) : behind(after);
  return start !== undefined && Buffer.compare(start, first) < 0 ? first : start;
}

function commonOf(
  key: string,
  { prefix, delimiter }: Pick<ListingOptions, 'prefix' | 'delimiter'>,
): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** The first key that can come behind one. */
function behind(key: string): Uint8Array {
  return Buffer.from(`${key}\0`);
}
