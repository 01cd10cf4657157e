import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternError, parsePattern } from '../../runtime/patterns/index.ts';

describe('an event pattern', () => {
  it.each([
    '{}',
    '{"body":{"kind":["a",1,null,true]}}',
    '{"a":[{"exists":false}]}',
    '{"a":[{"prefix":"x"}],"b":[{"suffix":{"equals-ignore-case":".PNG"}}]}',
    '{"a":[{"numeric":[">",0,"<=",5]}],"b":[{"numeric":["=",-5e9]}]}',
    '{"a":[{"anything-but":["x","y"]}],"b":[{"anything-but":{"prefix":["y"]}}],"c":[{"anything-but":1}]}',
    '{"a":[{"anything-but":{"wildcard":"*.txt"}}],"b":[{"anything-but":{"equals-ignore-case":["A","b"]}}]}',
    '{"a":[{"cidr":"10.0.0.0/24"},{"cidr":"2001:db8::/32"}],"b":[{"wildcard":"a*b\\\\*"}]}',
    '{"$or":[{"a":[1]},{"b":[2],"$or":[{"c":[3]},{"d":[4]}]}]}',
  ])('is %s', (text) => {
    expect(() => parsePattern(text)).not.toThrow();
  });

  it.each([
    ['', 'it is not JSON'],
    ['{"a":["b"]', 'it is not JSON'],
    ['1', 'Filter is not an object'],
    ['null', 'Filter is not an object'],
    ['[]', 'Filter is not an object'],
    ['{"a":"b"}', '"a" must be an object or an array'],
    ['{"a":{"b":"c"}}', '"b" must be an object or an array'],
    ['{"a":[]}', 'Empty arrays are not allowed: "a"'],
    ['{"a":[[1]]}', '"a" must not hold arrays'],
    ['{"a":[{"exists":"yes"}]}', 'exists match pattern must be either true or false.'],
    ['{"a":[{"like":"x"}]}', 'Unrecognized match type like'],
    ['{"a":[{"constructor":1}]}', 'Unrecognized match type constructor'],
    ['{"a":[{"prefix":"x","suffix":"y"}]}', 'Only one key allowed in match expression'],
    ['{"a":[{}]}', 'Only one key allowed in match expression'],
    ['{"a":[{"prefix":1}]}', 'prefix match pattern must be a string'],
    ['{"a":[{"prefix":{"wildcard":"a"}}]}', 'Unsupported prefix pattern: wildcard'],
    ['{"a":[{"numeric":[">"]}]}', 'Value must be between -5.0E9 and 5.0E9, inclusive'],
    ['{"a":[{"numeric":[">",5000000001]}]}', 'Value must be between -5.0E9 and 5.0E9, inclusive'],
    ['{"a":[{"numeric":["~",1]}]}', 'Unrecognized numeric range operator'],
    ['{"a":[{"numeric":[">",5,"<",5]}]}', 'Bottom must be less than top'],
    ['{"a":[{"numeric":["<",5,">",1]}]}', 'Invalid member in numeric match'],
    ['{"a":[{"numeric":[">",1,"<",5,"<",6]}]}', 'Invalid member in numeric match'],
    ['{"a":[{"anything-but":[]}]}', 'Empty arrays are not allowed'],
    ['{"a":[{"anything-but":["x",1]}]}', 'Inside anything but list'],
    ['{"a":[{"anything-but":true}]}', 'Inside anything but list'],
    ['{"a":[{"anything-but":{"cidr":"10.0.0.0/8"}}]}', 'Unsupported anything-but pattern: cidr'],
    ['{"a":[{"anything-but":{"prefix":[]}}]}', 'Empty arrays are not allowed'],
    ['{"a":[{"wildcard":"a**"}]}', 'Consecutive wildcard characters at pos 1'],
    ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character at pos 1'],
    ['{"a":[{"cidr":"10.0.0.0/33"}]}', 'Malformed CIDR'],
    ['{"a":[{"cidr":"10.0.0/8"}]}', 'Malformed CIDR'],
    ['{"$or":[1,2]}', 'There must have at least 2 Objects in $or relationship'],
    ['{"$or":[{"a":[1]}]}', 'There must have at least 2 Objects in $or relationship'],
    ['{"$or":[{"a":[1]},{}]}', 'An Object in $or relationship is empty'],
  ])('is not %s: %s', (text, reason) => {
    expect(() => parsePattern(text)).toThrow(`Event pattern is not valid. Reason: ${reason}`);
  });

  it('is told from any other text, however deep', () => {
    const isPattern = (text: string): boolean => {
      try {
        parsePattern(text);
        return true;
      } catch (error) {
        if (error instanceof PatternError) return false;
        throw error;
      }
    };
    fc.assert(fc.property(fc.json(), (text) => typeof isPattern(text) === 'boolean'));
    const deep = (levels: number): string => `${'{"a":'.repeat(levels)}["x"]${'}'.repeat(levels)}`;
    expect([isPattern(deep(1_000)), isPattern(deep(100_000)), isPattern('{"a":'.repeat(1_000))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(isPattern(`{"$or":[{"a":[1]},${'{"$or":[{"a":[1]},'.repeat(2_000)}{"b":[1]}${']}'.repeat(2_000)}]}`)).toBe(
      false,
    );
  });
});
