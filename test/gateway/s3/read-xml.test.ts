import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toXml } from '../../../runtime/gateway/query/xml.ts';
import { childrenOf, readXml, textOf } from '../../../runtime/gateway/s3/read-xml.ts';

const read = (text: string) => readXml(Buffer.from(text));

describe('a document', () => {
  it('is read with what stands in and around it', () => {
    const root = read(
      '<?xml version="1.0"?>\n<!-- a <b> --><s3:Delete xmlns:s3="http://x/" q=\'1\'>\n <Quiet> true </Quiet><Object><Key>a&amp;b &#228;&#x1F600;<![CDATA[<c>]]></Key></Object><Empty/></s3:Delete>\n',
    );
    expect([root.name, textOf(root, 'Quiet'), textOf(root, 'Absent'), textOf(root, 'Empty')]).toEqual([
      ...['Delete', 'true', undefined, ''],
    ]);
    expect(childrenOf(childrenOf(root, 'Object')[0]!, 'Key')[0]?.text).toBe('a&b ä\u{1F600}<c>');
  });

  it('says again what was written, whatever text it is', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '<', '>', '&', '"', "'", ';', ']', 'ä', '\r', '\n', ' ') });
    fc.assert(
      fc.property(text, (said) => {
        expect(read(toXml('Key', said)).text).toBe(said);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['text alone', 'hello'],
    ['an element that does not end', '<a>'],
    ['an element that ends twice', '<a></a></a>'],
    ['another end', '<a></b>'],
    ['two roots', '<a/><b/>'],
    ['text behind the root', '<a/>b'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an entity of its own', '<a>&b;</a>'],
    ['half an entity', '<a>&amp</a>'],
    ['half of a surrogate pair', '<a>&#xD800;</a>'],
    ['a number beyond all characters', '<a>&#x110000;</a>'],
    ['an attribute without a value', '<a b></a>'],
    ['a comment that does not end', '<a><!-- </a>'],
    ['more depth than any', '<a>'.repeat(20) + '</a>'.repeat(20)],
    ['more elements than any', `<a>${'<b/>'.repeat(20_001)}</a>`],
  ])('is none that is %s', (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });

  it('is none that is no text', () => {
    expect(() => readXml(Uint8Array.of(0x3c, 0x61, 0xff))).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });

  it('is never anything else than read or refused', () => {
    const soup = fc.array(
      fc.constantFrom(
        '<a>',
        '</a>',
        '<a',
        '>',
        '/>',
        ' b="',
        '"',
        '&amp;',
        '&',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        'x',
        ' ',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        try {
          read(parts.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'MalformedXML' });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
