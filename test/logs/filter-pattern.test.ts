import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilterPattern } from '../../runtime/logs/filter-pattern/filter-pattern.ts';
import { parseRegex } from '../../runtime/logs/filter-pattern/small-regex.ts';
import { LogError } from '../../runtime/logs/log-error.ts';

const EVENT = JSON.stringify({
  ...{ eventType: 'UpdateTrail', sourceIPAddress: '111.111.111.111', latency: 12.5, ok: true, gone: null },
  ...{
    objectList: [
      { name: 'a', id: 1 },
      { name: 'b', id: 2 },
    ],
    arrayKey: ['value', 'other'],
    'dotted.name': 'x',
  },
});
const ACCESS = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

describe('filter patterns', () => {
  it.each<[string, string, boolean]>([
    ['', 'anything', true],
    ['  ', '', true],
    ['ERROR', '[ERROR 400] BAD REQUEST', true],
    ['ERROR', 'ERRORS and an error', false],
    ['ERROR ARGUMENTS', '[ERROR 419] MISSING ARGUMENTS', true],
    ['ERROR ARGUMENTS', '[ERROR 419] MISSING', false],
    ['"ERROR 401"', 'x ERROR 401 y', true],
    ['"ERROR 401"', 'x ERROR  401 y', false],
    [String.raw`"a \"quoted\" word"`, 'has a "quoted" word', true],
    ['?ERROR ?WARN', 'WARN here', true],
    ['?ERROR ?WARN', 'INFO here', false],
    ['?ERROR MISSING', 'MISSING only', true],
    ['ERROR -ARGUMENTS', '[ERROR 400] BAD', true],
    ['ERROR -ARGUMENTS', '[ERROR 400] ARGUMENTS', false],
    ['-"not this"', 'something', true],
    ['%ERR[A-Z]+ \\d{3}%', '[ERROR 400]', true],
    ['%^ERR%', 'no ERR', false],
    ['{ $.eventType = "UpdateTrail" }', EVENT, true],
    ['{ $.eventType = "UpdateTrail" }', `${EVENT}\n`, true],
    ['{ $.eventType = UpdateTrail }', EVENT, true],
    ['{ $.eventType = "Update" }', EVENT, false],
    ['{ $.eventType = "Up*l" }', EVENT, true],
    ['{ $.eventType != "UpdateTrail" }', EVENT, false],
    ['{ $.missing != "UpdateTrail" }', EVENT, false],
    ['{ $.eventType = %Tr.il$% }', EVENT, true],
    ['{ $.sourceIPAddress = 111.111.* }', EVENT, true],
    ['{ $.latency > 12 && $.latency <= 1.25e1 }', EVENT, true],
    ['{ $.latency < 12 || $.latency = 12.5 }', EVENT, true],
    ['{ $.latency >= 13 }', EVENT, false],
    ['{ $.eventType > 1 }', EVENT, false],
    ['{ $.arrayKey[0] = "value" }', EVENT, true],
    ['{ $.arrayKey[*] = "other" }', EVENT, true],
    ['{ $.objectList[1].id = 2 }', EVENT, true],
    ['{ $.objectList[*].name = "c" }', EVENT, false],
    [`{ $.['dotted.name'] = "x" }`, EVENT, true],
    ['{ $.gone IS NULL && $.ok IS TRUE }', EVENT, true],
    ['{ $.ok IS FALSE }', EVENT, false],
    ['{ $.nothing NOT EXISTS }', EVENT, true],
    ['{ $.ok NOT EXISTS }', EVENT, false],
    ['{ ($.ok IS TRUE || $.a = 1) && $.latency = 12.5 }', EVENT, true],
    ['{ $.ok IS TRUE || $.a = 1 && $.a = 2 }', EVENT, true],
    ['{ $.a = 1 }', 'no JSON', false],
    ['{ $.a = 1 }', '{"a":1', false],
    ['{ $.__proto__ EXISTS }', '{}', false],
    ['[ip, id, user, time, request, status = 4*, bytes]', ACCESS, true],
    ['[ip, id, user, time, request, status = 5*, bytes]', ACCESS, false],
    ['[ip, id, user, time, request, status]', ACCESS, false],
    ['[..., status = 404 || status = 500, bytes > 1000]', ACCESS, true],
    ['[ip = 127*, ..., bytes < 1000]', ACCESS, false],
    ['[ip, ..., request = "GET */index*", status, bytes]', ACCESS, true],
    ['[w1 = ERROR, w2 != %9$%]', 'ERROR 418', true],
    ['[w1 = (no, w2]', 'a b', false],
  ])('%s for %s: %s', (pattern, message, expected) => {
    const find = () => parseFilterPattern(pattern)(message);
    if (pattern.includes('(no')) expect(find).toThrow(LogError);
    else expect(find()).toBe(expected);
  });

  it.each([
    '{ $.a }',
    '{ $.a = }',
    '{ a = 1 }',
    '{ $.a = 1 && }',
    '{ ($.a = 1 }',
    '{}',
    '[a = , b]',
    '["x"]',
    '%(%',
    '%a{3,1}%',
  ])('that are none are refused: %s', (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow(LogError);
  });

  it('are parsed or refused, whatever they are, and never fail on a message', () => {
    const sign = fc.constantFrom(...'{}[]()%"$.=!<>&|?-*\\, aE1'.split(''));
    const source = fc.oneof(
      fc.string(),
      fc.array(sign, { maxLength: 30 }).map((signs) => signs.join('')),
    );
    fc.assert(
      fc.property(source, fc.constantFrom('{', '[', ''), fc.oneof(fc.string(), fc.json()), (inner, open, message) => {
        const pattern = open === '{' ? `{${inner}}` : open === '[' ? `[${inner}]` : inner;
        let test: ((message: string) => boolean) | undefined;
        try {
          test = parseFilterPattern(pattern);
        } catch (error) {
          expect(error).toBeInstanceOf(LogError);
        }
        if (test) expect(typeof test(message)).toBe('boolean');
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });
});

describe('regular expressions of filter patterns', () => {
  it('find what those of the language find', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '[a-c]', '\\d', '\\W', '\\x61', '\\.');
    const piece = fc
      .tuple(atom, fc.constantFrom('', '?', '*', '+', '{2}', '{1,}', '{0,2}'))
      .map((parts) => parts.join(''));
    const branch = fc
      .tuple(fc.constantFrom('', '^'), fc.array(piece, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '$'))
      .map(([start, pieces, end]) => `${start}${pieces.join('')}${end}`);
    const source = fc.array(branch, { minLength: 1, maxLength: 3 }).map((branches) => branches.join('|'));
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '1', '.'), { maxLength: 8 })
      .map((characters) => characters.join(''));
    fc.assert(
      fc.property(source, text, (expression, value) => {
        expect([expression, value, parseRegex(expression)(value)]).toEqual([
          ...[expression, value, new RegExp(expression).test(value)],
        ]);
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  it('end soon where others try every way', () => {
    expect(parseRegex(`${'a*'.repeat(60)}b`)('a'.repeat(50_000))).toBe(false);
  });
});

it('looks at each character of a message as often as the expression has pieces, however many characters they stand for', () => {
  const message = 'a'.repeat(262_144);
  const others = Array.from({ length: 150 }, (_, at) => String.fromCharCode(0x100 + 2 * at)).join('');
  for (const set of [`[${others}a]`, `[^${others}]`, '[\\W\\w]', '.']) {
    expect(parseRegex(`${set}{100}b`)(message)).toBe(false);
    expect(parseRegex(`${set}{100}b`)(`${message}b`)).toBe(true);
  }
});
