import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createS3Client, refusalOf } from '../support/s3-client.ts';

const Bucket = 'photos';
const LEAST = 5_242_880;
const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

describe('an upload in parts', () => {
  let isola: TestIsola;
  let s3: S3Client;
  beforeAll(async () => {
    isola = await startTestIsola();
    s3 = createS3Client(isola);
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(async () => {
    s3.destroy();
    await isola.stop();
  });

  const begin = async (Key: string, more: object = {}): Promise<string> =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? '';
  const put = async (Key: string, UploadId: string, PartNumber: number, Body: Uint8Array) => {
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    return { ETag, PartNumber };
  };
  const complete = (Key: string, UploadId: string, Parts: { ETag: string | undefined; PartNumber: number }[]) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  const read = async (Key: string): Promise<Buffer> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const files = (): number => {
    const folder = join(isola.dataDir, 'objects');
    return readdirSync(folder).flatMap((shelf) => readdirSync(join(folder, shelf))).length;
  };

  it('is one object when it is complete, and none before', async () => {
    const Key = 'a/größe';
    const UploadId = await begin(Key, { ContentType: 'text/x', Metadata: { k: 'v' } });
    const [first, second] = [Buffer.alloc(LEAST, 'first'), Buffer.from('second')];
    const parts = [await put(Key, UploadId, 3, first), await put(Key, UploadId, 7, Buffer.from('replaced'))];
    parts[1] = await put(Key, UploadId, 7, second);
    expect(await refusalOf(read(Key))).toBe('NoSuchKey 404');
    const { Parts = [] } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    expect(Parts.map(({ PartNumber, Size, ETag }) => ({ PartNumber, Size, ETag }))).toEqual([
      { ...parts[0], Size: LEAST },
      { ...parts[1], Size: 6 },
    ]);
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads.map((upload) => upload.UploadId)).toEqual([UploadId]);
    const { ETag } = await complete(Key, UploadId, parts);
    expect(ETag).toBe(`"${md5(Buffer.concat([md5(first), md5(second)])).toString('hex')}-2"`);
    expect(Buffer.compare(await read(Key), Buffer.concat([first, second]))).toBe(0);
    expect(await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-0' }))).toMatchObject({
      ...{ ETag, ContentType: 'text/x', Metadata: { k: 'v' } },
    });
    expect(await refusalOf(complete(Key, UploadId, parts))).toBe('NoSuchUpload 404');
    expect(files()).toBe(1);
  });

  it('takes parts of what is there', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const UploadId = await begin('copied');
    const copy = (more: { CopySource: string; CopySourceRange?: string }) =>
      s3.send(new UploadPartCopyCommand({ Bucket, Key: 'copied', UploadId, PartNumber: 1, ...more }));
    const { CopyPartResult } = await copy({ CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=2-4' });
    await complete('copied', UploadId, [{ ETag: CopyPartResult?.ETag, PartNumber: 1 }]);
    expect((await read('copied')).toString()).toBe('234');
    expect(await refusalOf(copy({ CopySource: `${Bucket}/source` }))).toBe('NoSuchUpload 404');
  });

  it('is nothing when it is aborted', async () => {
    const before = files();
    const UploadId = await begin('aborted');
    const part = await put('aborted', UploadId, 1, Buffer.from('x'));
    expect(files()).toBe(before + 1);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId }));
    expect(files()).toBe(before);
    expect(await refusalOf(complete('aborted', UploadId, [part]))).toBe('NoSuchUpload 404');
    expect(await refusalOf(put('aborted', UploadId, 1, Buffer.from('x')))).toBe('NoSuchUpload 404');
  });

  it('is refused as S3 refuses it, and can go on', async () => {
    const Key = 'refused';
    const UploadId = await begin(Key);
    const one = await put(Key, UploadId, 1, Buffer.from('small'));
    const two = await put(Key, UploadId, 2, Buffer.from('last'));
    const wrong = { ...one, ETag: '"0"' };
    expect(await refusalOf(complete(Key, UploadId, [two, one]))).toBe('InvalidPartOrder 400');
    expect(await refusalOf(complete(Key, UploadId, [one, one]))).toBe('InvalidPartOrder 400');
    expect(await refusalOf(complete(Key, UploadId, [wrong]))).toBe('InvalidPart 400');
    expect(await refusalOf(complete(Key, UploadId, [{ ...one, PartNumber: 5 }]))).toBe('InvalidPart 400');
    expect(await refusalOf(complete(Key, UploadId, [one, two]))).toBe('EntityTooSmall 400');
    expect(await refusalOf(complete(Key, UploadId, []))).toBe('MalformedXML 400');
    expect(await refusalOf(complete('other', UploadId, [one]))).toBe('NoSuchUpload 404');
    for (const number of [0, 10_001]) {
      expect(await refusalOf(put(Key, UploadId, number, Buffer.from('x')))).toBe('InvalidArgument 400');
    }
    await complete(Key, UploadId, [two]);
    expect((await read(Key)).toString()).toBe('last');
    const gone = s3.send(new CreateMultipartUploadCommand({ Bucket: 'absent-bucket', Key }));
    expect(await refusalOf(gone)).toBe('NoSuchBucket 404');
  });
});
