import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { callCommand } from '../support/command.ts';
import { httpEvent } from '../support/http-event.ts';

// The committed module, so that the test needs no clang.
const module = readFile('functions/csv-summary/csv-summary.wasm').then((wasm) => WebAssembly.compile(wasm));

async function summarise(csv: string): Promise<unknown> {
  return JSON.parse(callCommand(await module, JSON.stringify(httpEvent('POST', '/', { body: csv }))));
}

describe('csv-summary', () => {
  it('summarises the columns of a CSV', async () => {
    expect(await summarise('city,people\nOslo,709\nBergen,291\n')).toEqual({
      rows: 2,
      columns: [
        { name: 'city', numbers: 0 },
        { name: 'people', numbers: 2, min: 291, max: 709, mean: 500 },
      ],
    });
  });

  it('understands quotes, CRLF, Unicode and uneven rows', async () => {
    expect(await summarise('"a ""b"", c",größe 🚀\r\n1,"-2.5"\r\n\r\n3\r\n4,x,5')).toEqual({
      rows: 3,
      columns: [
        { name: 'a "b", c', numbers: 3, min: 1, max: 4, mean: 2.66666666666667 },
        { name: 'größe 🚀', numbers: 1, min: -2.5, max: -2.5, mean: -2.5 },
      ],
    });
  });

  it('takes a bare CSV from stdin, and a JSON string', async () => {
    const expected = { rows: 1, columns: [{ name: 'x', numbers: 1, min: 7, max: 7, mean: 7 }] };
    expect(JSON.parse(callCommand(await module, 'x\n7\n'))).toEqual(expected);
    expect(JSON.parse(callCommand(await module, JSON.stringify('x\n7\n')))).toEqual(expected);
  });

  it('answers an error for an event without a body, whatever lies deeper', async () => {
    const event = JSON.stringify({ requestContext: { body: 'x\n1' }, list: ['body', { body: 'y' }] });
    expect(JSON.parse(callCommand(await module, event))).toEqual({ error: 'send a CSV as the body' });
  });

  it('survives what is no event', async () => {
    for (const text of ['{', '{"body', '{"body":', '{"body":"\\u12', '{"body":"\\', '"', '"""', ',,,\n"']) {
      expect(JSON.parse(callCommand(await module, text))).toEqual(expect.any(Object));
    }
  });
});
