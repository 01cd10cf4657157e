import { describe, expect, it } from 'vitest';
import { toSigningKey } from '../../../runtime/gateway/auth/signing-key.ts';
import { readChunks } from '../../../runtime/gateway/s3/chunked-pieces.ts';

/** The example of AWS's documentation on signing the chunks of an upload. */
const SIGNING = {
  key: toSigningKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', {
    ...{ shortDate: '20130524', region: 'us-east-1', service: 's3' },
  }),
  longDate: '20130524T000000Z',
  scope: '20130524/us-east-1/s3/aws4_request',
  seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
};
const SIGNED = [
  `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${'a'.repeat(65_536)}\r\n`,
  `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${'a'.repeat(1_024)}\r\n`,
  '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
].join('');

async function* inPieces(text: string, bytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += bytes) yield Buffer.from(text.slice(at, at + bytes), 'latin1');
}

async function read(
  body: string,
  {
    signing,
    hasTrailer = false,
    bytes = 1_000,
  }: { signing?: typeof SIGNING; hasTrailer?: boolean; bytes?: number } = {},
): Promise<{ text: string; trailer: Record<string, string> }> {
  let text = '';
  let trailer: ReadonlyMap<string, string> = new Map();
  const options = {
    ...(signing === undefined ? {} : { signing }),
    hasTrailer,
    trailer: (fields: ReadonlyMap<string, string>) => {
      trailer = fields;
    },
  };
  for await (const piece of readChunks(inPieces(body, bytes), options)) text += Buffer.from(piece).toString('latin1');
  return { text, trailer: Object.fromEntries(trailer) };
}

describe('a body in chunks', () => {
  it('is taken apart, in whatever pieces it comes', async () => {
    for (const bytes of [1, 7, 66_000, 1_000_000]) {
      expect((await read(SIGNED, { signing: SIGNING, bytes })).text).toBe('a'.repeat(66_560));
    }
    const plain = '5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32: DUoRhQ==\r\n\r\n';
    for (const bytes of [1, 3, 100]) {
      expect(await read(plain, { hasTrailer: true, bytes })).toEqual({
        text: 'hello world',
        trailer: { 'x-amz-checksum-crc32': 'DUoRhQ==' },
      });
    }
    expect((await read('0\r\n\r\n')).text).toBe('');
  });

  it.each([
    ['of other bytes', SIGNED.replace('aaa', 'aab')],
    ['of another order', SIGNED.slice(65_626)],
    ['without a signature', SIGNED.replace(/;chunk-signature=[0-9a-f]{64}/, '')],
    ['with a signature of another', SIGNED.replace('ad80', 'ad81')],
    ['of a longer last chunk', SIGNED.replace('\r\n\r\n', '\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')],
  ])('is refused %s', async (what, body) => {
    const hasTrailer = what === 'of a longer last chunk';
    await expect(read(body, { signing: SIGNING, hasTrailer })).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it.each([
    ['cut in a chunk', '5\r\nhel', 'IncompleteBody'],
    ['cut behind a chunk', '5\r\nhello\r\n', 'IncompleteBody'],
    ['cut in the trailer', '0\r\nx-amz-checksum-crc32:A', 'IncompleteBody'],
    ['with something behind it', '0\r\n\r\nmore', 'InvalidRequest'],
    ['with no size', 'hello\r\n', 'InvalidRequest'],
    ['with a negative size', '-5\r\nhello\r\n0\r\n\r\n', 'InvalidRequest'],
    ['with a size beyond numbers', `${'f'.repeat(13)}\r\n`, 'InvalidRequest'],
    ['with a longer chunk than it says', '4\r\nhello\r\n0\r\n\r\n', 'InvalidRequest'],
    ['with a line that does not end', 'a'.repeat(5_000), 'InvalidRequest'],
    ['with a nameless trailer', '0\r\n: x\r\n\r\n', 'InvalidRequest'],
    [
      'with more trailers than there are',
      `0\r\n${Array.from({ length: 20 }, (_, at) => `n${at}:v\r\n`).join('')}\r\n`,
      'InvalidRequest',
    ],
    ['with nothing at all', '', 'IncompleteBody'],
  ])('is refused %s', async (_, body, code) => {
    await expect(read(body, { hasTrailer: true })).rejects.toMatchObject({ code });
  });
});
