import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasTooManyValues } from '../../../runtime/gateway/service/has-too-many-values.ts';
import { parseInput, SerializationError } from '../../../runtime/gateway/service/parse-input.ts';
import { listOf, mapOf, structure, TEXT } from '../../../runtime/gateway/service/shape.ts';

const MOST = 50_000;
const isRefused = (text: string): boolean => hasTooManyValues(Buffer.from(text));
const list = (items: number, item: string): string => `[${Array.from({ length: items }, () => item).join()}]`;

describe('a body', () => {
  it.each<[string, string]>([
    ['of a list', list(MOST + 1, '0')],
    ['of an object', `{${Array.from({ length: MOST + 1 }, (_, at) => `"${at}":0`).join()}}`],
    ['of lists in each other', '['.repeat(MOST + 1)],
    ['of objects in each other', '{"a":'.repeat(MOST + 1)],
  ])('%s with more values than any request has is refused before it is read', (_, text) => {
    expect(isRefused(text)).toBe(true);
  });

  it('has as many as its largest batch', () => {
    expect(isRefused(`{"logEvents":${list(10_000, '{"timestamp":1,"message":"a,b,[{c"}')}}`)).toBe(false);
  });

  it('has in a text what it likes', () => {
    const piece = fc.constantFrom(',', '[', '{', '\\"', '\\\\', 'a'.repeat(99), '\\u005c', ',,,', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('').repeat(1 + Math.floor(60_000 / Math.max(1, pieces.join('').length)));
        expect(isRefused(`{"a":"${text}","b":[1]}`)).toBe(false);
        expect(isRefused(`["${text}",${'0,'.repeat(MOST)}0]`)).toBe(true);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('an input', () => {
  const parse = (text: string): unknown =>
    parseInput(structure({ map: mapOf(TEXT, 'Entry'), list: listOf(TEXT, 'Item') }), Buffer.from(text));

  it.each([
    ['map', `{"map":{${Array.from({ length: 1_001 }, (_, at) => `"${at}":"x"`).join()}}}`],
    ['list', `{"list":${list(10_001, '"x"')}}`],
  ])('with a longer %s than any operation takes is refused', (_, text) => {
    expect(() => parse(text)).toThrow(SerializationError);
  });
});
