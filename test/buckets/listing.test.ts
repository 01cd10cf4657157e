import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectRecord } from '../../runtime/buckets/bucket-record.ts';
import { type ListingOptions, list } from '../../runtime/buckets/listing.ts';
import type { KeyRange } from '../../runtime/store/bucket-store.ts';

const bytesOf = (key: string): Buffer => Buffer.from(key);

/** Objects of these keys, as a store answers for them. */
function reader(keys: readonly string[]): (range: KeyRange) => readonly ObjectRecord[] {
  const sorted = [...new Set(keys)].sort((a, b) => Buffer.compare(bytesOf(a), bytesOf(b)));
  return ({ from, before, limit }) =>
    sorted
      .filter((key) => Buffer.compare(bytesOf(key), from) >= 0)
      .filter((key) => before === undefined || Buffer.compare(bytesOf(key), before) < 0)
      .slice(0, limit)
      .map((key) => ({ key, file: '', bytes: 0, details: { etag: '', modifiedAt: 0, headers: {}, user: {} } }));
}

/** What S3 says a listing holds, in the most plain way. */
function expected(keys: readonly string[], { prefix, delimiter }: ListingOptions): string[] {
  const found = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    found.add(at < 0 ? `object ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`);
  }
  return [...found].sort();
}

describe('a listing', () => {
  it('has everything once, in pages of any length', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', 'ä', '\u{1F600}'), minLength: 1, maxLength: 5 });
    const asked = fc.record({
      keys: fc.array(key, { maxLength: 30 }),
      prefix: fc.constantFrom('', 'a', 'a/', 'ä', 'x'),
      delimiter: fc.constantFrom('', '/', '-', 'a'),
      most: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(asked, ({ keys, ...options }) => {
        const read = reader(keys);
        const found: string[] = [];
        for (let after: string | undefined = ''; after !== undefined; ) {
          const page = list(read, { ...options, after });
          const entries = [
            ...page.objects.map((object) => `object ${object.key}`),
            ...page.prefixes.map((each) => `prefix ${each}`),
          ];
          expect(entries.length).toBeLessThanOrEqual(options.most);
          found.push(...entries);
          after = page.next;
        }
        expect(found.sort()).toEqual(expected(keys, { ...options, after: '' }));
      }),
      { numRuns: 500 },
    );
  });

  it('is empty, and not the first of others, when nothing is asked for', () => {
    expect(list(reader(['a']), { prefix: '', delimiter: '', after: '', most: 0 })).toEqual({
      objects: [],
      prefixes: [],
    });
  });
});
