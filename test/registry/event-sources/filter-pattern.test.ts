import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFilterPattern } from '../../../runtime/registry/event-sources/filter-pattern.ts';

describe('a filter pattern', () => {
  it.each([
    '{}',
    '{"body":{"kind":["a",1,null,true]}}',
    '{"a":[{"exists":false}]}',
    '{"a":[{"prefix":"x"}],"b":[{"suffix":{"equals-ignore-case":".PNG"}}]}',
    '{"a":[{"numeric":[">",0,"<=",5]}]}',
    '{"a":[{"anything-but":["x",1]}],"b":[{"anything-but":{"prefix":"y"}}]}',
    '{"a":[{"cidr":"10.0.0.0/24"}],"b":[{"wildcard":"a*b"}]}',
    '{"$or":[{"a":[1]},{"b":[2]}]}',
  ])('is %s', (text) => {
    expect(isFilterPattern(text)).toBe(true);
  });

  it.each([
    '',
    'a',
    '1',
    'null',
    '[]',
    '{"a":"b"}',
    '{"a":[]}',
    '{"a":[[1]]}',
    '{"a":[{"exists":"yes"}]}',
    '{"a":[{"like":"x"}]}',
    '{"a":[{"prefix":"x","suffix":"y"}]}',
    '{"a":[{}]}',
    '{"a":[{"numeric":[">"]}]}',
    '{"a":[{"numeric":["~",1]}]}',
    '{"a":[{"anything-but":[]}]}',
    '{"a":[{"constructor":1}]}',
    '{"$or":[1]}',
    '{"a":{"b":"c"}}',
  ])('is not %s', (text) => {
    expect(isFilterPattern(text)).toBe(false);
  });

  it('is told from any other text, however deep', () => {
    fc.assert(fc.property(fc.json(), (text) => typeof isFilterPattern(text) === 'boolean'));
    expect(isFilterPattern(`${'{"a":'.repeat(1_000)}["x"]${'}'.repeat(1_000)}`)).toBe(true);
    expect(isFilterPattern('{"a":'.repeat(1_000))).toBe(false);
  });
});
