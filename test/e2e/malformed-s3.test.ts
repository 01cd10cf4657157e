import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { type AccessKey, readKey } from '../support/query-client.ts';
import { createS3Client } from '../support/s3-client.ts';
import { requestS3, type S3RequestParts } from '../support/s3-request.ts';

const RUNS = Number(process.env.MALFORMED_RUNS ?? 400);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);

const one = fc.constantFrom;
const paths = one(
  '/',
  '/photos',
  '/photos/',
  '/photos/k',
  '/photos/%ff',
  '/photos/%',
  '/%00',
  '/photos//',
  '/a',
  '/photos/a/../b',
  '/photos/*',
  '/absent/k',
);
const names = one(
  'list-type',
  'delete',
  'notification',
  'location',
  'uploads',
  'uploadId',
  'acl',
  'versioning',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'marker',
  'encoding-type',
  'versionId',
  'partNumber',
  'response-content-type',
  'x-id',
  '__proto__',
);
const values = one('', '2', '-1', 'x', '1e9', '\u0000', 'ä', '/', '99999999999', '\r\nx: y');
const headers = one<readonly [string, string]>(
  ...([
    ['range', 'bytes=-'],
    ['range', 'bytes=99-1'],
    ['range', 'bytes=99999999999999999999-'],
    ['if-match', '""'],
    ['if-none-match', 'x'],
    ['if-modified-since', 'yesterday'],
    ['content-md5', 'x'],
    ['content-md5', 'AAAAAAAAAAAAAAAAAAAAAA=='],
    ['x-amz-copy-source', 'x'],
    ['x-amz-copy-source', '%'],
    ['x-amz-copy-source', '/photos/%ff'],
    ['x-amz-copy-source', 'absent/k?versionId=1'],
    ['x-amz-metadata-directive', 'x'],
    ['x-amz-checksum-crc32', 'x'],
    ['x-amz-checksum-crc99', 'x'],
    ['x-amz-checksum-sha256', ''],
    ['x-amz-trailer', 'x-amz-checksum-crc32'],
    ['x-amz-content-sha256', 'x'],
    ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
    ['x-amz-content-sha256', '0'.repeat(64)],
    ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
    ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ['x-amz-decoded-content-length', '5'],
    ['x-amz-decoded-content-length', '-1'],
    ['x-amz-decoded-content-length', '999999999999999'],
    ['content-encoding', 'aws-chunked'],
    ['x-amz-meta-a', 'ü'],
    ['content-type', 'x y'],
    ['x-amz-server-side-encryption', 'AES256'],
    ['x-amz-tagging', 'a=b'],
    ['x-amz-skip-destination-validation', 'x'],
    ['expect', '100-continue'],
  ] as const),
);
const bodies = one(
  '',
  'hello',
  '<',
  '<Delete/>',
  '<Delete><Object/></Delete>',
  '<Delete><Object><Key>k2</Key></Object></Delete>',
  '<a>'.repeat(99),
  '<NotificationConfiguration/>',
  '<NotificationConfiguration><QueueConfiguration/></NotificationConfiguration>',
  '<NotificationConfiguration><TopicConfiguration><Topic>arn:aws:sns:x:1:y</Topic><Event>s3:*</Event></TopicConfiguration></NotificationConfiguration>',
  '<CreateBucketConfiguration><LocationConstraint>&#0;</LocationConstraint></CreateBucketConfiguration>',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;chunk-signature=x\r\nhello\r\n0\r\n\r\n',
  'ff\r\n',
  '\u0000'.repeat(99),
);
const requests: fc.Arbitrary<S3RequestParts> = fc.record({
  method: one('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH'),
  path: paths,
  query: fc.array(fc.tuple(names, values), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
  headers: fc.array(headers, { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
  body: bodies,
});

describe('a malformed request to S3', () => {
  let isola: TestIsola;
  let key: AccessKey;
  beforeAll(async () => {
    isola = await startTestIsola();
    key = readKey(isola.running.credentialsFile);
    const s3 = createS3Client(isola);
    await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
    await s3.send(new CreateBucketCommand({ Bucket: 'kept' }));
    await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'k', Body: 'kept' }));
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'stays', Body: 'so that the bucket does' }));
    s3.destroy();
  });
  afterAll(() => isola.stop());

  it('is refused in the words of S3, or done, and never our failure', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { status, headers: answered, body } = await requestS3(isola.url, key, request);
        const text = body.toString();
        expect(status === 501 || status < 500, `${status} ${text}`).toBe(true);
        if (status >= 400 && request.method !== 'HEAD') expect(text).toContain('<Error><Code>');
        expect(answered['x-amz-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }, 120_000);

  it('has left the rest as it was, and nothing half-written', async () => {
    const s3 = createS3Client(isola);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'kept', Key: 'k' }));
    expect(await Body?.transformToString()).toBe('kept');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'photos' }));
    s3.destroy();
    const folder = join(isola.dataDir, 'objects');
    const files = readdirSync(folder).flatMap((shelf) => readdirSync(join(folder, shelf)));
    expect(files).toHaveLength(Contents.length + 1);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('is refused when it is signed wrongly, too late, or for too little', async () => {
    const get = { method: 'GET', path: '/kept/k' };
    const forged = await requestS3(isola.url, { ...key, secretAccessKey: 'wrong' }, get);
    expect([forged.status, forged.body.toString()]).toEqual([
      403,
      expect.stringContaining('<Code>SignatureDoesNotMatch<'),
    ]);
    const unsigned = await fetch(`${isola.url}/kept/k?X-Amz-Credential=a%2F20260301%2Fus-east-1%2Fs3%2Faws4_request`);
    expect([unsigned.status, await unsigned.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied<')]);
    const other = await requestS3(isola.url, key, {
      ...get,
      headers: { 'x-amz-content-sha256': 'e'.repeat(64) },
      method: 'PUT',
    });
    expect(other.body.toString()).toContain('<Code>XAmzContentSHA256Mismatch<');
    expect((await requestS3(isola.url, key, get)).body.toString()).toBe('kept');
  });
});
