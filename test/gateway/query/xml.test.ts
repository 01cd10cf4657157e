import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toXml } from '../../../runtime/gateway/query/xml.ts';

describe('XML of the Query protocol', () => {
  it('writes lists as members, and leaves out what is undefined', () => {
    const value = { Names: ['a', 'b'], IsTruncated: false, Marker: undefined, Empty: [], Count: 2 };
    expect(toXml('Result', value)).toBe(
      '<Result><Names><member>a</member><member>b</member></Names><IsTruncated>false</IsTruncated><Empty></Empty><Count>2</Count></Result>',
    );
    expect(toXml('Result', undefined)).toBe('');
  });

  it('holds any text without becoming markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [, content = ''] = /^<T>([\s\S]*)<\/T>$/.exec(toXml('T', text)) ?? [];
        expect(content).not.toMatch(/[<>"\r]|&(?!(?:amp|lt|gt|quot|#13);)/);
        const back = content.replace(/&(amp|lt|gt|quot|#13);/g, (_, name: string) => UNESCAPED[name] ?? '');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
        expect(back).toBe(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd'));
      }),
    );
  });
});

const UNESCAPED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#13': '\r' };
