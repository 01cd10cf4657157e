import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, parsePattern } from '../../runtime/patterns/index.ts';

const matching = (pattern: unknown, value: unknown): boolean => matches(parsePattern(JSON.stringify(pattern)), value);
/** Whether a member `a` with this value matches. */
const takes = (matcher: unknown, value: unknown): boolean => matching({ a: [matcher] }, { a: value });

it('walks once through a list that many alternatives ask about', () => {
  let reads = 0;
  const list = new Proxy(
    Array.from({ length: 1_000 }, (_, at) => at),
    {
      get(items, name, receiver) {
        reads += 1;
        return Reflect.get(items, name, receiver);
      },
    },
  );
  const alternatives = Array.from({ length: 100 }, (_, at) => ({ a: [-1 - at] }));
  expect(matching({ $or: alternatives }, { a: list })).toBe(false);
  expect(reads).toBeLessThan(3_000);
});

describe('an event matches a pattern', () => {
  it('when every member that the pattern names has one of its values', () => {
    const pattern = { source: ['x', 'y'], detail: { state: ['on'] } };
    expect(matching(pattern, { source: 'y', detail: { state: 'on', more: 1 }, other: 2 })).toBe(true);
    expect(matching(pattern, { source: 'z', detail: { state: 'on' } })).toBe(false);
    expect(matching(pattern, { source: 'x', detail: { state: 'off' } })).toBe(false);
    expect(matching(pattern, { source: 'x' })).toBe(false);
    expect(matching(pattern, 'x')).toBe(false);
  });

  it('by values as JSON has them: no text is a number', () => {
    for (const literal of ['1', 1, true, false, null, 'null', 0, '']) {
      for (const value of ['1', 1, true, false, null, 'null', 0, '']) {
        expect(takes(literal, value)).toBe(literal === value);
      }
    }
    expect([takes(1, 1.0), takes(300, 3e2)]).toEqual([true, true]);
  });

  it('by any element of an array, however it is nested', () => {
    expect(takes('b', ['a', 'b'])).toBe(true);
    expect(takes('b', [['a'], [['b']]])).toBe(true);
    expect(takes('b', ['a', { b: 'b' }])).toBe(false);
  });

  it('by one element of an array as a whole, not by members of several', () => {
    const pattern = { items: { kind: ['a'], size: [1] } };
    expect(matching(pattern, { items: [{ kind: 'b' }, { kind: 'a', size: 1 }] })).toBe(true);
    expect(
      matching(pattern, {
        items: [
          { kind: 'a', size: 2 },
          { kind: 'b', size: 1 },
        ],
      }),
    ).toBe(false);
  });

  it('by what is there and what is not, which only leaves are', () => {
    expect([takes({ exists: true }, null), takes({ exists: true }, 0), takes({ exists: true }, undefined)]).toEqual([
      ...[true, true, false],
    ]);
    expect([takes({ exists: false }, 0), takes({ exists: false }, undefined)]).toEqual([false, true]);
    expect([takes({ exists: true }, { b: 1 }), takes({ exists: false }, { b: 1 })]).toEqual([false, true]);
    expect(matching({ a: { b: [{ exists: false }] } }, {})).toBe(true);
    expect(matching({ a: { b: [{ exists: false }], c: [1] } }, {})).toBe(false);
    expect(matching({ a: ['x', { exists: false }] }, {})).toBe(true);
  });

  it('by the start and the end of a text, with or without regard to case', () => {
    expect([takes({ prefix: 'ab' }, 'abc'), takes({ prefix: 'ab' }, 'Abc'), takes({ prefix: '' }, 'x')]).toEqual([
      ...[true, false, true],
    ]);
    expect([takes({ suffix: '.png' }, 'a.png'), takes({ suffix: '.png' }, 'a.PNG')]).toEqual([true, false]);
    expect(takes({ prefix: { 'equals-ignore-case': 'AB' } }, 'aBc')).toBe(true);
    expect(takes({ suffix: { 'equals-ignore-case': '.Png' } }, 'a.pNG')).toBe(true);
    expect([takes({ prefix: '1' }, 1), takes({ suffix: '1' }, 1)]).toEqual([false, false]);
  });

  it('by a text without regard to case', () => {
    expect(takes({ 'equals-ignore-case': 'aLiCe' }, 'ALICE')).toBe(true);
    expect(takes({ 'equals-ignore-case': 'alice' }, 'alice2')).toBe(false);
  });

  it('by a wildcard', () => {
    expect(takes({ wildcard: '/users/*/dir/*' }, '/users/a/b/dir/')).toBe(true);
    expect(takes({ wildcard: '*.png' }, 'a.png.txt')).toBe(false);
    expect(takes({ wildcard: 'a\\*b\\\\*' }, 'a*b\\c')).toBe(true);
    expect(takes({ wildcard: 'a\\*b' }, 'axb')).toBe(false);
  });

  it('by numbers between bounds', () => {
    const range = { numeric: ['>', 0, '<=', 5] };
    expect([0, 0.001, 5, 5.001, '3', true].map((value) => takes(range, value))).toEqual([
      ...[false, true, true, false, false, false],
    ]);
    expect([takes({ numeric: ['=', 3.018e2] }, 301.8), takes({ numeric: ['<', -1] }, -1)]).toEqual([true, false]);
    expect([takes({ numeric: ['>=', 2] }, 2), takes({ numeric: ['<=', 2] }, 3)]).toEqual([true, false]);
  });

  it('by addresses of a range', () => {
    expect([takes({ cidr: '10.0.0.0/24' }, '10.0.0.255'), takes({ cidr: '10.0.0.0/24' }, '10.0.1.0')]).toEqual([
      ...[true, false],
    ]);
    expect([takes({ cidr: '2001:db8::/32' }, '2001:db8:1::1'), takes({ cidr: '0.0.0.0/0' }, '::1')]).toEqual([
      ...[true, false],
    ]);
    expect([takes({ cidr: '0.0.0.0/0' }, 'house'), takes({ cidr: '0.0.0.0/0' }, 7)]).toEqual([false, false]);
  });

  it('by anything but', () => {
    expect([takes({ 'anything-but': 'a' }, 'b'), takes({ 'anything-but': 'a' }, 'a')]).toEqual([true, false]);
    expect([takes({ 'anything-but': [1, 2] }, 2), takes({ 'anything-but': [1, 2] }, '2')]).toEqual([false, true]);
    expect(takes({ 'anything-but': 'a' }, undefined)).toBe(false);
    expect(takes({ 'anything-but': { prefix: 'init' } }, 'initial')).toBe(false);
    expect(takes({ 'anything-but': { prefix: ['a', 'b'] } }, 'bc')).toBe(false);
    expect(takes({ 'anything-but': { suffix: ['.txt', '.md'] } }, 'a.ts')).toBe(true);
    expect(takes({ 'anything-but': { wildcard: '*/lib/*' } }, 'a/lib/b')).toBe(false);
    expect(takes({ 'anything-but': { 'equals-ignore-case': ['ON', 'off'] } }, 'On')).toBe(false);
    expect(takes({ 'anything-but': { 'equals-ignore-case': 'ON' } }, 'no')).toBe(true);
    expect(takes({ 'anything-but': { prefix: 'a' } }, 1)).toBe(true);
  });

  it('by one of several alternatives, and all else', () => {
    const pattern = { source: ['s'], detail: { $or: [{ a: [1] }, { b: [{ prefix: 'x' }], c: [2] }] } };
    expect(matching(pattern, { source: 's', detail: { a: 1 } })).toBe(true);
    expect(matching(pattern, { source: 's', detail: { a: 0, b: 'xy', c: 2 } })).toBe(true);
    expect(matching(pattern, { source: 's', detail: { b: 'xy' } })).toBe(false);
    expect(matching(pattern, { source: 't', detail: { a: 1 } })).toBe(false);
    const nested = { $or: [{ a: [1] }, { $or: [{ b: [1] }, { c: [1] }] }], d: [1] };
    expect([matching(nested, { c: 1, d: 1 }), matching(nested, { d: 1 })]).toEqual([true, false]);
  });

  it('by its own members only', () => {
    expect(matching({ constructor: [{ exists: true }] }, {})).toBe(false);
    expect(matching({ __proto__: { a: [1] } }, { a: 1 })).toBe(true);
    expect(matching(JSON.parse('{"__proto__":{"a":[1]}}'), JSON.parse('{"__proto__":{"a":1}}'))).toBe(true);
  });

  it('however deep it is', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}"x"${']'.repeat(200_000)}`) as unknown;
    expect(takes('x', deep)).toBe(true);
  });
});

const few = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '*', '.', '\\'), maxLength: 6 });

describe('operators agree with what they are called, for any text', () => {
  it('wildcards with an expression that backtracks', () => {
    const tokens = fc.array(fc.constantFrom('a', 'b', '*', '\\*', '\\\\', '.'), { maxLength: 7 });
    fc.assert(
      fc.property(tokens, few, (wanted, text) => {
        const wildcard = wanted.filter((token, at) => token !== '*' || wanted[at - 1] !== '*');
        const expression = wildcard.map((token) =>
          token === '*' ? '[^]*' : token.length === 2 ? token : `[${token}]`,
        );
        expect(takes({ wildcard: wildcard.join('') }, text)).toBe(new RegExp(`^${expression.join('')}$`).test(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('prefix, suffix and their opposites', () => {
    fc.assert(
      fc.property(few, few, few, (one, other, text) => {
        expect(takes({ prefix: one }, text)).toBe(text.slice(0, one.length) === one);
        expect(takes({ suffix: one }, text)).toBe(text.slice(text.length - one.length) === one || one === '');
        for (const operator of ['prefix', 'suffix', 'equals-ignore-case']) {
          const excepted = [one, other].some((each) => takes({ [operator]: each }, text));
          expect(takes({ 'anything-but': { [operator]: [one, other] } }, text)).toBe(!excepted);
        }
      }),
    );
  });

  it('numbers and addresses', () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(number, number, number, (from, to, value) => {
        fc.pre(from < to);
        expect(takes({ numeric: ['>=', from, '<', to] }, value)).toBe(value >= from && value < to);
      }),
    );
    const address = fc.tuple(...Array.from({ length: 4 }, () => fc.constantFrom(0, 1, 10, 127, 128, 255)));
    const toNumber = (parts: readonly number[]): bigint => parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, host, bits) => {
        const shift = BigInt(32 - bits);
        const isInside = toNumber(network) >> shift === toNumber(host) >> shift;
        expect(takes({ cidr: `${network.join('.')}/${bits}` }, host.join('.'))).toBe(isInside);
      }),
    );
  });

  it('an event, turned into a pattern, matches itself', () => {
    const leaf = fc.oneof(few, fc.integer(), fc.boolean(), fc.constant(null));
    const { event } = fc.letrec<{ event: Record<string, unknown> }>((tie) => ({
      event: fc.dictionary(
        fc.constantFrom('a', 'b', 'c'),
        fc.oneof(leaf, fc.array(leaf, { minLength: 1 }), tie('event')),
      ),
    }));
    const toPattern = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toPattern(each)]))
        : [value].flat();
    fc.assert(fc.property(event, (value) => matching(toPattern(value), value)));
  });
});
