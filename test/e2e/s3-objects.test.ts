import { createHash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createS3Client, refusalOf } from '../support/s3-client.ts';

let isola: TestIsola;
let s3: S3Client;
beforeAll(async () => {
  isola = await startTestIsola();
  s3 = createS3Client(isola);
});
afterAll(async () => {
  s3.destroy();
  await isola.stop();
});

let made = 0;
async function makeBucket(): Promise<string> {
  const Bucket = `bucket-${++made}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}
const put = (Bucket: string, Key: string, Body: PutObjectCommandInput['Body'] = Key, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Bucket: string, Key: string, more: Partial<GetObjectCommandInput> = {}) =>
  s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const read = async (Bucket: string, Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string> =>
  (await (await get(Bucket, Key, more)).Body?.transformToString()) ?? '';
const md5 = (bytes: string | Uint8Array): Buffer => createHash('md5').update(bytes).digest();

describe('a bucket', () => {
  it('is created, found and deleted', async () => {
    const Bucket = 'a.bucket-of-mine';
    expect(await s3.send(new CreateBucketCommand({ Bucket }))).toMatchObject({ Location: `/${Bucket}` });
    expect(await refusalOf(s3.send(new CreateBucketCommand({ Bucket })))).toBe('BucketAlreadyOwnedByYou 409');
    expect(await s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' });
    const { Buckets = [], Owner } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.find(({ Name }) => Name === Bucket)?.CreationDate).toBeInstanceOf(Date);
    expect(Owner?.ID).toBe('000000000000');
    await s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusalOf(s3.send(new HeadBucketCommand({ Bucket })))).toBe('NotFound 404');
    expect(await refusalOf(s3.send(new DeleteBucketCommand({ Bucket })))).toBe('NoSuchBucket 404');
  });

  it('has the region that is asked for, or signed for', async () => {
    const location = async (Bucket: string) =>
      (await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint;
    await s3.send(
      new CreateBucketCommand({ Bucket: 'there', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const elsewhere = createS3Client(isola, { region: 'ap-south-1' });
    await elsewhere.send(new CreateBucketCommand({ Bucket: 'elsewhere' }));
    elsewhere.destroy();
    expect([await location('there'), await location('elsewhere')]).toEqual(['eu-west-1', 'ap-south-1']);
    expect(await location(await makeBucket())).toBeUndefined();
  });

  it.each(['ab', 'UPPER', 'a..b', '-a-', '192.168.1.1', 'a'.repeat(64), 'under_score'])(
    'is not called %s',
    async (Bucket) => {
      expect(await refusalOf(s3.send(new CreateBucketCommand({ Bucket })))).toBe('InvalidBucketName 400');
    },
  );

  it('is not deleted while something is in it', async () => {
    const Bucket = await makeBucket();
    await put(Bucket, 'k');
    expect(await refusalOf(s3.send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty 409');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
  });
});

describe('an object', () => {
  it('is put, read and deleted, whatever its key', async () => {
    const Bucket = await makeBucket();
    for (const Key of ['k', 'a/b//c', 'größe und + %41&=?#.txt', '../up', "it's (1)!*~", '\u{1F600}', '.']) {
      const { ETag } = await put(Bucket, Key, `of ${Key}`);
      expect(ETag).toBe(`"${md5(`of ${Key}`).toString('hex')}"`);
      expect(await read(Bucket, Key), Key).toBe(`of ${Key}`);
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      expect(await refusalOf(get(Bucket, Key))).toBe('NoSuchKey 404');
      expect(await refusalOf(s3.send(new HeadObjectCommand({ Bucket, Key })))).toBe('NotFound 404');
    }
    expect(await refusalOf(put(Bucket, 'k'.repeat(1_025)))).toBe('KeyTooLongError 400');
    expect(await refusalOf(put('absent-bucket', 'k'))).toBe('NoSuchBucket 404');
    expect(await refusalOf(get('absent-bucket', 'k'))).toBe('NoSuchBucket 404');
  });

  it('keeps what is said of it', async () => {
    const Bucket = await makeBucket();
    const said = {
      ...{ ContentType: 'image/png', CacheControl: 'no-cache', ContentDisposition: 'inline', ContentLanguage: 'de' },
      ...{ ContentEncoding: 'identity', Metadata: { name: 'value', other: 'ä' } },
    };
    await put(Bucket, 'k', 'hello', { ...said, Metadata: { name: 'value' } });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    expect(head).toMatchObject({ ...said, Metadata: { name: 'value' }, ContentLength: 5, AcceptRanges: 'bytes' });
    expect(Math.abs((head.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await get(Bucket, 'k', { ResponseContentType: 'text/x' })).toMatchObject({ ContentType: 'text/x' });
    await put(Bucket, 'plain', 'hello', { ContentType: undefined });
    const tooMuch = put(Bucket, 'k', 'x', { Metadata: { m: 'x'.repeat(2_048) } });
    expect(await refusalOf(tooMuch)).toBe('MetadataTooLarge 400');
    expect(await refusalOf(put(Bucket, 'k', 'x', { ServerSideEncryption: 'AES256' }))).toBe('NotImplemented 501');
    expect(await read(Bucket, 'k')).toBe('hello');
  });

  it('is as large as it is, empty and of many pieces', async () => {
    const Bucket = await makeBucket();
    const large = Buffer.alloc(9_000_001, 'Isola!');
    await put(Bucket, 'large', large);
    await put(Bucket, 'empty', new Uint8Array());
    await put(Bucket, 'streamed', Readable.from([large.subarray(0, 70_000), large.subarray(70_000)]), {
      ContentLength: large.byteLength,
    });
    for (const key of ['large', 'streamed']) {
      const { Body, ContentLength } = await get(Bucket, key);
      expect(ContentLength).toBe(large.byteLength);
      expect(md5((await Body?.transformToByteArray()) ?? '')).toEqual(md5(large));
    }
    expect(await read(Bucket, 'empty')).toBe('');
  });

  it('is read in part', async () => {
    const Bucket = await makeBucket();
    await put(Bucket, 'k', '0123456789');
    const part = async (Range: string): Promise<unknown> => {
      const { Body, ContentRange, ContentLength } = await get(Bucket, 'k', { Range });
      const text = await Body?.transformToString();
      expect(ContentLength).toBe(text?.length);
      return [text, ContentRange];
    };
    expect(await part('bytes=2-4')).toEqual(['234', 'bytes 2-4/10']);
    expect(await part('bytes=7-')).toEqual(['789', 'bytes 7-9/10']);
    expect(await part('bytes=-3')).toEqual(['789', 'bytes 7-9/10']);
    expect(await part('bytes=0-99')).toEqual(['0123456789', 'bytes 0-9/10']);
    for (const whole of ['bytes=4-2', 'chars=1-2', 'bytes=0-1,3-4']) {
      expect(await part(whole)).toEqual(['0123456789', undefined]);
    }
    for (const none of ['bytes=10-', 'bytes=-0']) expect(await refusalOf(part(none))).toBe('InvalidRange 416');
  });

  it('is read and put under conditions', async () => {
    const Bucket = await makeBucket();
    const { ETag } = await put(Bucket, 'k', 'one', { IfNoneMatch: '*' });
    const [past, future] = [new Date(0), new Date(Date.now() + 86_400_000)];
    expect(await refusalOf(put(Bucket, 'k', 'two', { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    expect(await refusalOf(put(Bucket, 'k', 'two', { IfMatch: '"other"' }))).toBe('PreconditionFailed 412');
    expect(await refusalOf(put(Bucket, 'absent', 'two', { IfMatch: ETag }))).toBe('NoSuchKey 404');
    expect(await refusalOf(get(Bucket, 'k', { IfNoneMatch: ETag }))).toContain('304');
    expect(await refusalOf(get(Bucket, 'k', { IfModifiedSince: future }))).toContain('304');
    expect(await refusalOf(get(Bucket, 'k', { IfMatch: '"other"' }))).toBe('PreconditionFailed 412');
    expect(await refusalOf(get(Bucket, 'k', { IfUnmodifiedSince: past }))).toBe('PreconditionFailed 412');
    for (const more of [{ IfMatch: ETag }, { IfNoneMatch: '"o"' }, { IfModifiedSince: past }]) {
      expect(await read(Bucket, 'k', more)).toBe('one');
    }
    await put(Bucket, 'k', 'two', { IfMatch: ETag });
    expect(await read(Bucket, 'k')).toBe('two');
    const puts = Array.from({ length: 5 }, () => refusalOf(put(Bucket, 'once', 'x', { IfNoneMatch: '*' })));
    expect((await Promise.all(puts)).filter((outcome) => outcome === 'done')).toHaveLength(1);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'is held against its %s, which readers get',
    async (ChecksumAlgorithm) => {
      const Bucket = await makeBucket();
      const body = Buffer.from('hello world');
      const checksum = await put(Bucket, 'k', body, { ChecksumAlgorithm });
      const name = `Checksum${ChecksumAlgorithm}` as const;
      expect(checksum[name]).toMatch(/=$/);
      expect((await get(Bucket, 'k', { ChecksumMode: 'ENABLED' }))[name]).toBe(checksum[name]);
      await put(Bucket, 'streamed', Readable.from([body]), { ChecksumAlgorithm, ContentLength: body.length });
      expect(await read(Bucket, 'streamed', { ChecksumMode: 'ENABLED' })).toBe('hello world');
      const wrong = put(Bucket, 'k', 'other', { [name]: checksum[name] });
      expect(await refusalOf(wrong)).toBe('BadDigest 400');
      expect(await read(Bucket, 'k')).toBe('hello world');
    },
  );

  it('is held against its MD5', async () => {
    const Bucket = await makeBucket();
    await put(Bucket, 'k', 'hello', { ContentMD5: md5('hello').toString('base64') });
    const wrong = { ContentMD5: md5('other').toString('base64') };
    expect(await refusalOf(put(Bucket, 'k', 'changed', wrong))).toBe('BadDigest 400');
    expect(await refusalOf(put(Bucket, 'k', 'changed', { ContentMD5: 'x' }))).toBe('InvalidDigest 400');
    expect(await read(Bucket, 'k')).toBe('hello');
  });

  it('is copied', async () => {
    const [Bucket, other] = [await makeBucket(), await makeBucket()];
    const { ETag } = await put(Bucket, 'größe/a b', 'hello', { ContentType: 'text/x', Metadata: { m: 'v' } });
    const CopySource = `/${Bucket}/${encodeURIComponent('größe/a b')}`;
    const copy = (more: object = {}) =>
      s3.send(new CopyObjectCommand({ Bucket: other, Key: 'c', CopySource, ...more }));
    expect((await copy()).CopyObjectResult).toMatchObject({ ETag });
    expect(await get(other, 'c')).toMatchObject({ ContentType: 'text/x', Metadata: { m: 'v' } });
    await copy({ MetadataDirective: 'REPLACE', ContentType: 'text/y' });
    expect(await get(other, 'c')).toMatchObject({ ContentType: 'text/y', Metadata: {} });
    expect(await read(other, 'c')).toBe('hello');
    expect(await refusalOf(copy({ CopySourceIfMatch: '"x"' }))).toBe('PreconditionFailed 412');
    expect(await refusalOf(copy({ Bucket, Key: 'größe/a b' }))).toBe('InvalidRequest 400');
    expect(await refusalOf(copy({ CopySource: `${Bucket}/absent` }))).toBe('NoSuchKey 404');
    expect(await refusalOf(copy({ CopySource: Bucket }))).toBe('InvalidArgument 400');
  });

  it('is deleted with others', async () => {
    const Bucket = await makeBucket();
    for (const Key of ['a&b', 'c']) await put(Bucket, Key);
    const Objects = ['a&b', 'absent'].map((Key) => ({ Key }));
    const answer = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted).toEqual([{ Key: 'a&b' }, { Key: 'absent' }]);
    const quiet = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'c' }], Quiet: true } }));
    expect(quiet.Deleted).toBeUndefined();
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });
});

describe('a listing', () => {
  it('has prefixes, delimiters and pages', async () => {
    const Bucket = await makeBucket();
    const keys = ['a', 'p/1', 'p/2', 'p/q/1', 'p/q/2', 'z z+', 'ä'];
    await Promise.all(keys.map((Key) => put(Bucket, Key)));
    const page = (more: object = {}) => s3.send(new ListObjectsV2Command({ Bucket, ...more }));
    const keysOf = ({ Contents = [] }: Pick<ListObjectsV2CommandOutput, 'Contents'>) => Contents.map(({ Key }) => Key);
    const prefixesOf = ({ CommonPrefixes = [] }: Pick<ListObjectsV2CommandOutput, 'CommonPrefixes'>) =>
      CommonPrefixes.map(({ Prefix }) => Prefix);
    const all = await page();
    expect([keysOf(all), all.KeyCount, all.IsTruncated]).toEqual([keys, 7, false]);
    expect(all.Contents?.[0]).toMatchObject({
      Size: 1,
      ETag: `"${md5('a').toString('hex')}"`,
      StorageClass: 'STANDARD',
    });
    const top = await page({ Delimiter: '/' });
    expect([keysOf(top), prefixesOf(top)]).toEqual([['a', 'z z+', 'ä'], ['p/']]);
    const below = await page({ Delimiter: '/', Prefix: 'p/' });
    expect([keysOf(below), prefixesOf(below)]).toEqual([['p/1', 'p/2'], ['p/q/']]);
    expect(keysOf(await page({ StartAfter: 'p/2', Prefix: 'p/' }))).toEqual(['p/q/1', 'p/q/2']);
    expect(decodeURIComponent(keysOf(await page({ EncodingType: 'url', Prefix: 'z' }))[0] ?? '')).toBe('z z+');
    for (const MaxKeys of [1, 2, 3]) {
      for (const Delimiter of ['', '/']) {
        const found: unknown[] = [];
        let ContinuationToken: string | undefined;
        do {
          const part = await page({ MaxKeys, ...(Delimiter ? { Delimiter } : {}), ContinuationToken });
          found.push(...keysOf(part), ...prefixesOf(part));
          ContinuationToken = part.NextContinuationToken;
        } while (ContinuationToken);
        expect(found.sort(), `${MaxKeys} ${Delimiter}`).toEqual(Delimiter ? ['a', 'p/', 'z z+', 'ä'] : keys);
        const old: unknown[] = [];
        let Marker: string | undefined;
        do {
          const part = await s3.send(
            new ListObjectsCommand({ Bucket, MaxKeys, Marker, ...(Delimiter ? { Delimiter } : {}) }),
          );
          old.push(...keysOf(part), ...prefixesOf(part));
          Marker = part.IsTruncated ? (part.NextMarker ?? keysOf(part).at(-1)) : undefined;
        } while (Marker);
        expect(old.sort()).toEqual(found);
      }
    }
    expect(await refusalOf(page({ ContinuationToken: '*' }))).toBe('InvalidArgument 400');
    expect((await page({ MaxKeys: 0 })).IsTruncated).toBe(false);
  });

  it('passes over what a prefix stands for', async () => {
    const Bucket = await makeBucket();
    const keys = Array.from({ length: 1_203 }, (_, at) => `p/${String(at).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 100) {
      await Promise.all(keys.slice(at, at + 100).map((Key) => put(Bucket, Key)));
    }
    await put(Bucket, 'q');
    const { CommonPrefixes, Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect([CommonPrefixes, Contents?.map(({ Key }) => Key)]).toEqual([[{ Prefix: 'p/' }], ['q']]);
    const { Contents: first, IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect([first?.map(({ Key }) => Key), IsTruncated]).toEqual([keys.slice(0, 1_000), true]);
  });
});

describe('a link', () => {
  it('puts and gets for whoever holds it', async () => {
    const Bucket = await makeBucket();
    const upload = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'a b', ContentType: 'text/x' }));
    expect((await fetch(upload, { method: 'PUT', body: 'hello' })).status).toBe(200);
    const link = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'a b' }), { expiresIn: 60 });
    expect(await (await fetch(link)).text()).toBe('hello');
    expect(await read(Bucket, 'a b')).toBe('hello');
    const forged = await fetch(link.replace('a%20b', 'c'));
    expect([forged.status, await forged.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
  });

  it('is needed by whoever does not sign', async () => {
    const Bucket = await makeBucket();
    await put(Bucket, 'k');
    for (const [path, host] of [
      [`/${Bucket}/k`, 's3.localhost'],
      ['/k', `${Bucket}.s3.localhost`],
    ] as const) {
      const answer = await getUnsigned(path, host);
      expect(answer).toContain('<Code>AccessDenied</Code>');
      expect(answer).toMatch(/^403 /);
    }
  });

  it('may name the bucket in the host', async () => {
    const Bucket = await makeBucket();
    await put(Bucket, 'a b', 'hello');
    const virtual = createS3Client(isola, { endpoint: `http://s3.localhost:${new URL(isola.url).port}` });
    const link = new URL(await getSignedUrl(virtual, new GetObjectCommand({ Bucket, Key: 'a b' })));
    virtual.destroy();
    expect(link.hostname).toBe(`${Bucket}.s3.localhost`);
    expect(await getUnsigned(`${link.pathname}${link.search}`, link.hostname)).toBe('200 hello');
  });

  /** What a client gets that asks by a name which need not resolve. */
  async function getUnsigned(path: string, hostname: string): Promise<string> {
    const { port } = new URL(isola.url);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { host: `${hostname}:${port}` };
      request({ host: '127.0.0.1', port, path, headers, agent: false }, resolve).on('error', reject).end();
    });
    return `${response.statusCode} ${(await text(response)).trim()}`;
  }
});
