import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callProbe } from '../support/probe.ts';

const decode = async (text: string): Promise<unknown> =>
  JSON.parse((await callProbe('bytes', JSON.stringify({ text }))).result);

describe('base64 and utf8', () => {
  it('decode any bytes as Node does', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xa0, 0xf0, 0x90, 0xf4, 0x8f), { maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (values) => {
        const buffer = Buffer.from(values);
        expect(await decode(buffer.toString('base64'))).toEqual({
          utf8: new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer),
          base64: buffer.toString('base64'),
        });
      }),
      { numRuns: 200 },
    );
  });

  it('take base64 without padding and refuse what is none', async () => {
    expect(await decode('YQ')).toEqual({ utf8: 'a', base64: 'YQ==' });
    for (const text of ['Y', 'Y===', 'YQ=a', 'Y*Q=', 'ä']) expect(await decode(text)).toBeNull();
  });
});
