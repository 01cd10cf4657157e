import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callProbe } from '../support/probe.ts';

const echo = async (text: string): Promise<string> => (await callProbe('echo', text)).result;

describe('Json', () => {
  it('writes any value as JavaScript would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), async (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(await echo(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    '{"a" 1}',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '-',
    'nul',
    'tru',
    '"a',
    '"\\x"',
    '"\\u12g4"',
    '"a\nb"',
    '[1 2]',
    '{a:1}',
    "'a'",
    '1 2',
    '[[1]',
    'NaN',
    '\ufeff1',
    '\u00a01',
  ])('refuses %j, as JavaScript does', async (text) => {
    expect(() => JSON.parse(text)).toThrow();
    await expect(echo(text)).rejects.toThrow(/^not JSON: .+ at position \d+$/);
  });

  it('keeps every number as it was written', async () => {
    const text = '[0,-0,1.50,1e400,-1E-7,12345678901234567890,0.1000000000000000055511151231257827]';
    expect(await echo(text)).toBe(text);
  });

  it('reads numbers as floats and, where they are whole, as integers', async () => {
    const { result } = await callProbe('numbers', '[7,-0,1.5,1e3,9223372036854775807,9223372036854775808,"7",null]');
    expect(JSON.parse(result)).toEqual([
      { number: 7, integer: '7' },
      { number: 0, integer: '0' },
      { number: 1.5, integer: '-1' },
      { number: 1000, integer: '1000' },
      { number: 2 ** 63, integer: '9223372036854775807' },
      { number: 2 ** 63, integer: '-1' },
      { number: -1, integer: '-1' },
      { number: -1, integer: '-1' },
    ]);
  });

  it('joins escaped surrogates and keeps lone ones escaped', async () => {
    expect(await echo('"\\ud83d\\ude80 \\ud800 \\udc00 \\u0000\\/\\b"')).toBe('"🚀 \\ud800 \\udc00 \\u0000/\\u0008"');
  });

  it('takes the last of equal members, as JavaScript does', async () => {
    expect(await echo('{"a":1,"b":2,"a":3}')).toBe('{"a":3,"b":2}');
  });

  it('takes 512 levels and refuses more', async () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(await echo(nested(512))).toBe(nested(512));
    await expect(echo(nested(100_000))).rejects.toThrow('nested deeper than 512');
  });

  it('refuses to write what holds itself', async () => {
    await expect(callProbe('cycle', '')).rejects.toThrow('nested deeper than 512');
  });
});
