import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toGuest } from '../support/guest.ts';
import { httpEvent } from '../support/http-event.ts';

// The committed module, so that the test needs no clang.
const guest = toGuest(readFileSync('functions/csv-summary/csv-summary.wasm'));
const call = (stdin: string): unknown => JSON.parse(guest(stdin).result);

function summarise(csv: string): unknown {
  return call(JSON.stringify(httpEvent('POST', '/', { body: csv })));
}

describe('csv-summary', () => {
  it('summarises the columns of a CSV', () => {
    expect(summarise('city,people\nOslo,709\nBergen,291\n')).toEqual({
      rows: 2,
      columns: [
        { name: 'city', numbers: 0 },
        { name: 'people', numbers: 2, min: 291, max: 709, mean: 500 },
      ],
    });
  });

  it('understands quotes, CRLF, Unicode and uneven rows', () => {
    expect(summarise('"a ""b"", c",größe 🚀\r\n1,"-2.5"\r\n\r\n3\r\n4,x,5')).toEqual({
      rows: 3,
      columns: [
        { name: 'a "b", c', numbers: 3, min: 1, max: 4, mean: 2.66666666666667 },
        { name: 'größe 🚀', numbers: 1, min: -2.5, max: -2.5, mean: -2.5 },
      ],
    });
  });

  it('takes a bare CSV from stdin, and a JSON string', () => {
    const expected = { rows: 1, columns: [{ name: 'x', numbers: 1, min: 7, max: 7, mean: 7 }] };
    expect(call('x\n7\n')).toEqual(expected);
    expect(call(JSON.stringify('x\n7\n'))).toEqual(expected);
  });

  it('answers an error for an event without a body, whatever lies deeper', () => {
    const event = JSON.stringify({ requestContext: { body: 'x\n1' }, list: ['body', { body: 'y' }] });
    expect(call(event)).toEqual({ error: 'send a CSV as the body' });
  });

  it('survives what is no event', () => {
    for (const text of ['{', '{"body', '{"body":', '{"body":"\\u12', '{"body":"\\', '"', '"""', ',,,\n"']) {
      expect(call(text)).toEqual(expect.any(Object));
    }
  });
});
