import { describe, expect, it } from 'vitest';
import { parseDetail } from '../../runtime/buses/event-entry.ts';

const nested = (depth: number, inner = ''): string => `{"a":${'['.repeat(depth - 1)}${inner}${']'.repeat(depth - 1)}}`;

describe('the detail of an event', () => {
  it('nests as deep as it can be read and written', () => {
    expect(parseDetail(nested(500))).toBeDefined();
    expect(parseDetail(nested(501))).toBeUndefined();
    expect(parseDetail(nested(100_000))).toBeUndefined();
  });

  it.each(['"["', '"\\""', '"\\\\"', '"\\\\\\"[["', '"{}]"', '"\\u005b"'])(
    'has in a text what it likes: %s',
    (text) => {
      expect(parseDetail(`{"b":[${`${text},`.repeat(600)}${text}],${nested(400).slice(1)}`)).toBeDefined();
      expect(parseDetail(`{"b":${text},${nested(501).slice(1)}`)).toBeUndefined();
    },
  );

  it('is an object', () => {
    for (const text of ['[]', 'null', '"{}"', '', '{']) expect(parseDetail(text)).toBeUndefined();
  });
});
