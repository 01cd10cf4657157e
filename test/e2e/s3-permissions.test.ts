import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createS3Client, refusalOf } from '../support/s3-client.ts';
import { createUser } from '../support/user.ts';

let isola: TestIsola;
let root: S3Client;
let alice: S3Client;
beforeAll(async () => {
  isola = await startTestIsola();
  root = createS3Client(isola);
  const key = await createUser(isola, 'alice', [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      Resource: 'arn:aws:s3:::photos/a/*',
    },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::listed' },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::listed/*' },
  ]);
  alice = createS3Client(isola, { key });
  for (const Bucket of ['photos', 'listed']) {
    await root.send(new CreateBucketCommand({ Bucket }));
    for (const Key of ['a/1', 'b/1']) await root.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  }
});
afterAll(async () => {
  root.destroy();
  alice.destroy();
  await isola.stop();
});

const DENIED = 'AccessDenied 403';
const at = (Key: string, Bucket = 'photos') => ({ Bucket, Key });

it('lets a user do what a policy allows on the ARN of the object, and nothing else', async () => {
  await alice.send(new PutObjectCommand({ ...at('a/2'), Body: 'x' }));
  expect((await alice.send(new GetObjectCommand(at('a/2')))).ContentLength).toBe(1);
  await alice.send(new DeleteObjectCommand(at('a/2')));
  for (const refused of [
    () => alice.send(new PutObjectCommand({ ...at('b/2'), Body: 'x' })),
    () => alice.send(new GetObjectCommand(at('b/1'))),
    () => alice.send(new DeleteObjectCommand(at('b/1'))),
    () => alice.send(new ListObjectsV2Command({ Bucket: 'photos' })),
    () => alice.send(new ListBucketsCommand({})),
    () => alice.send(new CreateBucketCommand({ Bucket: 'of-alice' })),
    () => alice.send(new GetBucketNotificationConfigurationCommand({ Bucket: 'photos' })),
    () => alice.send(new CopyObjectCommand({ ...at('a/3'), CopySource: 'photos/b/1' })),
    () => alice.send(new CopyObjectCommand({ ...at('b/3'), CopySource: 'photos/a/1' })),
  ]) {
    expect(await refusalOf(refused())).toBe(DENIED);
  }
  expect((await root.send(new ListObjectsV2Command({ Bucket: 'photos' }))).KeyCount).toBe(2);
});

it('says of each object whether it could be deleted with others', async () => {
  await alice.send(new PutObjectCommand({ ...at('a/4'), Body: 'x' }));
  const Objects = [{ Key: 'a/4' }, { Key: 'b/1' }];
  const answer = await alice.send(new DeleteObjectsCommand({ Bucket: 'photos', Delete: { Objects } }));
  expect(answer).toMatchObject({ Deleted: [{ Key: 'a/4' }], Errors: [{ Key: 'b/1', Code: 'AccessDenied' }] });
});

it('tells who may not list nothing of what there is not', async () => {
  expect(await refusalOf(alice.send(new GetObjectCommand(at('a/absent'))))).toBe(DENIED);
  expect(await refusalOf(alice.send(new HeadObjectCommand(at('a/absent'))))).toContain('403');
  expect(await refusalOf(alice.send(new GetObjectCommand(at('absent', 'listed'))))).toBe('NoSuchKey 404');
  await alice.send(new HeadBucketCommand({ Bucket: 'listed' }));
  expect(await refusalOf(alice.send(new HeadBucketCommand({ Bucket: 'absent' })))).toContain('403');
});

it('knows nobody by a wrong secret or an unknown key', async () => {
  for (const [key, refusal] of [
    [{ accessKeyId: 'AKIANOBODYNOBODYNOBO', secretAccessKey: 's' }, 'InvalidAccessKeyId 403'],
    [
      {
        ...(await createUser(isola, 'bob', [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }])),
        secretAccessKey: 'wrong',
      },
      'SignatureDoesNotMatch 403',
    ],
  ] as const) {
    const nobody = createS3Client(isola, { key });
    expect(await refusalOf(nobody.send(new ListBucketsCommand({})))).toBe(refusal);
    nobody.destroy();
  }
});
