import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';
import { type Guest, toGuest } from '../support/guest.ts';
import { httpEvent } from '../support/http-event.ts';

describe('queens', () => {
  let guest: Guest;
  beforeAll(async () => {
    const { wasm } = await buildFunction(resolve('functions/queens'), () => {});
    guest = toGuest(wasm, { timeoutMs: 10_000 });
  });

  const linesFor = (n: number): string[] => guest(JSON.stringify({ n })).result.split('\n').slice(0, -1);

  it.each([
    [1, 1],
    [2, 0],
    [3, 0],
    [4, 2],
    [6, 4],
    [8, 92],
    [10, 724],
  ])('of a board of %i has %i solutions', (n, count) => {
    expect(linesFor(n).length).toBe(count);
  });

  it('has lines of columns, in which no queen attacks another', () => {
    const lines = linesFor(6);
    expect(lines[0]).toBe('2 4 6 1 3 5');
    expect(new Set(lines).size).toBe(lines.length);
    for (const line of lines) {
      const columns = line.split(' ').map(Number);
      for (const shifted of [
        columns,
        columns.map((column, row) => column + row),
        columns.map((column, row) => column - row),
      ]) {
        expect(new Set(shifted).size).toBe(6);
      }
    }
  });

  it('answers a URL with a prelude, and what is no number with 400', () => {
    const ask = (target: string): string => guest(JSON.stringify(httpEvent('GET', target))).result;
    const [prelude = '', body] = ask('/?n=4').split('\0'.repeat(8));
    expect(JSON.parse(prelude)).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    expect(body).toBe('2 4 1 3\n3 1 4 2\n');
    for (const target of ['/', '/?n=', '/?n=0', '/?n=15', '/?n=x', '/?n=1.5']) {
      expect(JSON.parse(ask(target))).toMatchObject({ statusCode: 400 });
    }
  });

  it('refuses what is no number of queens', () => {
    for (const n of [0, -1, 15, 1.5, '8', null]) {
      expect(() => guest(JSON.stringify({ n }))).toThrow('"n" must be a whole number from 1 to 14.');
    }
  });
});
