import { describe, expect, it } from 'vitest';
import { FilteredMessage, type FilterScope, parseFilterPolicy } from '../../runtime/topics/filter-policy.ts';
import type { MessageAttributes } from '../../runtime/topics/message.ts';

const refuse = (reason: string): Error => new Error(reason);
const parse = (policy: unknown, scope: FilterScope) => parseFilterPolicy(JSON.stringify(policy), scope, refuse);

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
const list = (...values: readonly unknown[]) => ({ DataType: 'String.Array', StringValue: JSON.stringify(values) });
const bytes = { DataType: 'Binary', BinaryValue: new Uint8Array([1]) };

describe('a filter policy on attributes', () => {
  const cases: readonly [string, unknown, MessageAttributes, boolean][] = [
    ['a text that is equal', { a: ['x', 'y'] }, { a: text('y') }, true],
    ['another text', { a: ['x'] }, { a: text('X') }, false],
    ['every key', { a: ['x'], b: ['y'] }, { a: text('x') }, false],
    ['a number by its value', { a: [100] }, { a: number('1e2') }, true],
    ['a number, and no text that looks like it', { a: [100] }, { a: text('100') }, false],
    ['a text, and no number that looks like it', { a: ['100'] }, { a: number('100') }, false],
    ['a range', { a: [{ numeric: ['>', 0, '<=', 100] }] }, { a: number('100') }, true],
    ['what is out of a range', { a: [{ numeric: ['>', 0, '<=', 100] }] }, { a: number('100.1') }, false],
    ['a prefix', { a: [{ prefix: 'au' }] }, { a: text('auto') }, true],
    ['a suffix', { a: [{ suffix: 'to' }] }, { a: text('auto') }, true],
    ['a case', { a: [{ 'equals-ignore-case': 'AuTo' }] }, { a: text('aUtO') }, true],
    ['a wildcard', { a: [{ wildcard: 'a*o' }] }, { a: text('auto') }, true],
    ['an address', { a: [{ cidr: '10.0.0.0/24' }] }, { a: text('10.0.0.255') }, true],
    ['an address elsewhere', { a: [{ cidr: '10.0.0.0/24' }] }, { a: text('10.0.1.255') }, false],
    ['anything else', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: text('z') }, true],
    ['what is excepted', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: text('y') }, false],
    ['an excepted prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: text('xy') }, false],
    ['nothing to except', { a: [{ 'anything-but': 'x' }] }, {}, false],
    ['presence', { a: [{ exists: true }] }, { a: bytes }, true],
    ['presence of what is not there', { a: [{ exists: true }] }, { b: text('x') }, false],
    ['absence', { a: [{ exists: false }] }, { b: text('x') }, true],
    ['absence of what is there', { a: [{ exists: false }] }, { a: text('x') }, false],
    ['any of a list', { a: ['x'] }, { a: list('w', 'x') }, true],
    ['none of a list', { a: ['x'] }, { a: list('w', 1, null) }, false],
    ['null in a list', { a: [null] }, { a: list(null) }, true],
    ['one of a list that is not excepted', { a: [{ 'anything-but': ['x'] }] }, { a: list('x', 'y') }, true],
    ['bytes, which are equal to nothing', { a: ['AQ=='] }, { a: bytes }, false],
    ['one of two alternatives', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('y') }, true],
    ['none of two alternatives', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('x') }, false],
    ['a name with a dot', { 'a.b': ['x'] }, { 'a.b': text('x') }, true],
    ['a name that objects have', { toString: ['x'] }, {}, false],
  ];

  it.each(cases)('looks at %s', (_what, policy, attributes, expected) => {
    expect(parse(policy, 'MessageAttributes').matches(new FilteredMessage(attributes), '{"a":"x","b":"y"}')).toBe(
      expected,
    );
  });
});

describe('a filter policy on the body', () => {
  const cases: readonly [string, unknown, string, boolean][] = [
    ['a nested key', { o: { k: [{ prefix: 'auto-' }] } }, '{"o":{"k":"auto-x"}}', true],
    ['another nested key', { o: { k: [{ prefix: 'auto-' }] } }, '{"o":{"j":"auto-x"}}', false],
    ['true, null and numbers', { a: [true], b: [null], c: [1] }, '{"a":true,"b":null,"c":1.0}', true],
    ['any of a list', { a: ['x'] }, '{"a":["w",["x"]]}', true],
    ['objects of a list, each by itself', { a: { b: [1], c: [4] } }, '{"a":[{"b":1,"c":2},{"b":3,"c":4}]}', false],
    ['an object of a list', { a: { b: [3], c: [4] } }, '{"a":[{"b":1,"c":2},{"b":3,"c":4}]}', true],
    ['what is no object', { a: [{ exists: false }] }, '["a"]', false],
    ['what is no JSON', { a: [{ exists: false }] }, 'a', false],
    ['what is very deep', { a: ['x'] }, `{"a":${'['.repeat(50_000)}"x"${']'.repeat(50_000)}}`, true],
  ];

  it.each(cases)('looks at %s', (_what, policy, body, expected) => {
    expect(parse(policy, 'MessageBody').matches(new FilteredMessage({ a: text('x') }), body)).toBe(expected);
  });
});

describe('a filter policy', () => {
  it.each<[string, unknown, FilterScope, string]>([
    ['an empty list', { a: [] }, 'MessageAttributes', 'FilterPolicy: Empty arrays are not allowed'],
    ['two operators', { a: [{ prefix: 'x', suffix: 'y' }] }, 'MessageBody', 'Only one key allowed in match expression'],
    ['nesting of attributes', { a: { b: ['x'] } }, 'MessageAttributes', 'does not support nested filter policy'],
    ['nested alternatives of attributes', { $or: [{ a: { b: ['x'] } }, { c: ['x'] }] }, 'MessageAttributes', 'nested'],
    [
      'six keys',
      { a: { b: ['x'], c: ['x'], d: ['x'] }, e: ['x'], f: ['x'], g: ['x'] },
      'MessageBody',
      'more than 5 keys',
    ],
    [
      'too many combinations',
      { a: { b: { c: Array(4).fill('x') } }, d: { e: Array(3).fill('x') }, f: Array(3).fill('x') },
      'MessageBody',
      'too complex',
    ],
    [
      'too many alternatives',
      { a: Array(50).fill('x'), $or: [{ b: ['x', 'y'] }, { c: ['x', 'y'] }] },
      'MessageAttributes',
      'too complex',
    ],
  ])('is none with %s', (_what, policy, scope, message) => {
    expect(() => parse(policy, scope)).toThrow(message);
  });

  it('may have 150 combinations', () => {
    expect(() => parse({ a: Array(15).fill('x'), b: Array(10).fill('y') }, 'MessageAttributes')).not.toThrow();
  });
});
