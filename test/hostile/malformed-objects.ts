import fc from 'fast-check';
import type { S3RequestParts } from '../support/s3-request.ts';

const { constantFrom: one, oneof, record, tuple } = fc;
type Parts = Omit<S3RequestParts, 'method' | 'path'>;

const method = one('GET', 'HEAD', 'PUT', 'POST', 'DELETE');
const key = one(
  ...['k', '..%2f..%2fetc%2fpasswd', '%2e%2e/%2e%2e', '%00', 'a%0d%0ax-injected:%20y', '%ed%a0%80', '%', '%zz', '%ff'],
  ...['__proto__', 'constructor', '%F0%9F%92%A5', '%3Cscript%3E', '//', ';', 'a+b', '%7f', 'x'.repeat(3_000)],
);
const noBucket = one(
  ...[
    '/absent',
    '/A_B',
    '/..',
    '/%00',
    '/%2e%2e',
    '/__proto__',
    '/constructor',
    '/-',
    `/${'a'.repeat(90)}`,
    '/1.2.3.4',
  ],
);
const xml = one(
  ...['', '<', '<a', '<Delete>', '</Delete>', '<Delete></delete>', '<a/><b/>', '<Delete>&#0;</Delete>', '\u0000', '{}'],
  ...['<!DOCTYPE a [<!ENTITY b "c">]><Delete>&b;</Delete>', `<Delete>${'&amp'.repeat(9_000)}</Delete>`],
  ...['<a>'.repeat(50_000), `<a${' b="c"'.repeat(50_000)}`, `<Delete>${'<Object/>'.repeat(30_000)}</Delete>`],
  ...['<?xml version="1.0"?><!-- ', '<Delete><Object><Key>k</Key></Object>', '<![CDATA[', `<${'a:'.repeat(50_000)}`],
);
const chunks = one(
  ...[
    '',
    '\r\n',
    '5\r\nhello',
    '5\r\nhello\r\n0\r\n',
    'zz\r\n',
    '-1\r\n\r\n',
    'fffffffffffff\r\n',
    '5;x=y\r\nhello\r\n0\r\n\r\n',
  ],
  ...[
    '5\r\nhelloo\r\n0\r\n\r\n',
    '0\r\n',
    `5\r\nhello\r\n0\r\n${'a:b\r\n'.repeat(99)}\r\n`,
    `${'0'.repeat(3_000)}\r\n`,
  ],
);
const chunked = one(
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
);
const wrongHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = one<Readonly<Record<string, string>>>(
  { 'content-md5': 'x' },
  { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' },
  { 'x-amz-checksum-crc32': 'AAAAAA==' },
  { 'x-amz-checksum-sha256': '' },
  { 'x-amz-checksum-crc99': 'x' },
  { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-sha1': 'x' },
  { 'x-amz-trailer': 'x-amz-checksum-crc32' },
  { 'x-amz-content-sha256': 'e'.repeat(64) },
  { 'x-amz-content-sha256': 'x' },
  { 'if-none-match': '*' },
  { 'if-none-match': '"x"' },
  { 'if-match': '"x"' },
  { 'x-amz-meta-a': 'x'.repeat(3_000) },
  { 'x-amz-tagging': 'a=b' },
  { 'x-amz-copy-source': '/absent/k' },
  { 'x-amz-copy-source': '%' },
  { 'x-amz-copy-source': '/kept/k' },
  { 'x-amz-copy-source': '/kept/..%2fk' },
);
const unread = one<Readonly<Record<string, string>>>(
  { range: 'bytes=99-' },
  { range: 'bytes=-0' },
  { range: 'bytes=999999999999999-' },
  { 'if-match': '"x"' },
  { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
);
const about = (verb: fc.Arbitrary<string>, path: fc.Arbitrary<string>, parts: fc.Arbitrary<Parts>) =>
  record({ method: verb, path, parts }).map(
    (all): S3RequestParts => ({ method: all.method, path: all.path, ...all.parts }),
  );
const nothing = one<Parts>({}, { body: 'hello' }, { headers: { 'content-type': '\u00ff' } });

/** Requests to a bucket `kept` with an object `k` that S3 does not do, rightly signed. */
export const malformedObject: fc.Arbitrary<S3RequestParts> = oneof(
  about(
    method,
    tuple(noBucket, key).map((parts) => parts.join('/')),
    nothing,
  ),
  about(
    one('PATCH', 'OPTIONS', 'PROPFIND'),
    key.map((each) => `/kept/${each}`),
    nothing,
  ),
  about(
    one('PUT'),
    one('/kept/k'),
    wrongHeaders.map((headers) => ({ headers, body: 'hello' })),
  ),
  about(
    one('PUT'),
    one('/kept/k'),
    tuple(chunked, chunks, one('5', '-1', 'x', '999999999999999')).map(([kind, body, length]) => ({
      headers: {
        'x-amz-content-sha256': kind,
        'x-amz-decoded-content-length': length,
        'content-encoding': 'aws-chunked',
      },
      body,
    })),
  ),
  about(one('PUT', 'GET'), one(`/kept/${'x'.repeat(1_025)}`, '/kept/%ff', '/kept/%', '/kept/%ed%a0%80'), nothing),
  about(
    one('GET'),
    one('/kept/k'),
    unread.map((headers) => ({ headers })),
  ),
  about(
    one('GET', 'PUT', 'DELETE'),
    one('/kept', '/kept/k'),
    one('acl', 'cors', 'policy', 'versions', 'retention', 'torrent').map((name) => ({ query: { [name]: '' } })),
  ),
  about(
    one('PUT', 'POST', 'DELETE', 'GET'),
    one('/kept/k'),
    one('x', '__proto__', '', '\u0000').map((uploadId) => ({ query: { uploadId, partNumber: '1' } })),
  ),
  about(
    one('POST'),
    one('/kept'),
    xml.map((body) => ({ query: { delete: '' }, body })),
  ),
  about(
    one('PUT'),
    one('/kept'),
    xml.filter((body) => body !== '').map((body) => ({ query: { notification: '' }, body })),
  ),
  about(
    one('GET'),
    one('/kept'),
    one<Readonly<Record<string, string>>>(
      { 'max-keys': '-1' },
      { 'max-keys': '1e999' },
      { 'list-type': '2', 'continuation-token': '!' },
      { 'encoding-type': 'x' },
    ).map((query) => ({ query })),
  ),
);
