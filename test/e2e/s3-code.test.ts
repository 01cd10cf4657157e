import {
  CreateFunctionCommand,
  LambdaClient,
  ListFunctionsCommand,
  PublishLayerVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLE, startTestIsola, type TestIsola } from '../support/isola.ts';
import { createS3Client } from '../support/s3-client.ts';
import { S3_KEY, S3_REGION, type S3Server, startS3 } from '../support/s3-server.ts';
import { createUser } from '../support/user.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

const GET = 'Error occurred while GetObject. S3 Error Code:';

describe('code from a bucket', () => {
  let s3: S3Server;
  let isola: TestIsola;
  beforeAll(async () => {
    s3 = await startS3();
    isola = await startTestIsola({
      ISOLA_S3_ENDPOINT: s3.url,
      ISOLA_S3_REGION: S3_REGION,
      ISOLA_S3_ACCESS_KEY_ID: S3_KEY.accessKeyId,
      ISOLA_S3_SECRET_ACCESS_KEY: S3_KEY.secretAccessKey,
    });
  });
  afterAll(async () => {
    await isola.stop();
    await s3.close();
  });

  const create = (name: string, Code: CreateFunctionCommand['input']['Code']) =>
    isola.client.send(
      new CreateFunctionCommand({
        ...{ FunctionName: name, Runtime: 'provided.al2023', Role: ROLE, Handler: 'index.handler', Code },
      }),
    );

  it('runs, is updated by version, and serves layers too', async () => {
    s3.objects.set('code/functions/f.zip', await zip({ 'index.wasm': guest('echo') }));
    s3.objects.set('code/functions/f.zip?versionId=v2', guest('counter'));
    s3.objects.set('code/layer.zip', await zip({ 'lib/a': Buffer.from('a') }));
    const object = { S3Bucket: 'code', S3Key: 'functions/f.zip' };
    await create('f', object);
    expect(await isola.invoke('f', { a: 1 })).toMatchObject({ payload: { a: 1 } });
    await isola.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ...object, S3ObjectVersion: 'v2' }));
    expect(await isola.invoke('f')).toMatchObject({ payload: 1 });
    const Content = { S3Bucket: 'code', S3Key: 'layer.zip' };
    const layer = await isola.client.send(new PublishLayerVersionCommand({ LayerName: 'l', Content }));
    expect(layer).toMatchObject({ Version: 1, Content: { CodeSize: s3.objects.get('code/layer.zip')?.length } });
  });

  it.each<[string, object, string, string]>([
    [
      'no key',
      { S3Bucket: 'code', S3Key: 'x' },
      'InvalidParameterValueException',
      `${GET} NoSuchKey. S3 Error Message: The specified key does not exist.`,
    ],
    [
      'no bucket',
      { S3Bucket: 'nobody', S3Key: 'x' },
      'InvalidParameterValueException',
      `${GET} NoSuchBucket. S3 Error Message: The specified bucket does not exist`,
    ],
    [
      'no archive',
      { S3Bucket: 'code', S3Key: 'text' },
      'InvalidParameterValueException',
      'Could not unzip uploaded file',
    ],
    ['half a name', { S3Bucket: 'code' }, 'ValidationException', "Value null at 's3Key'"],
    [
      'a bucket that is a path',
      { S3Bucket: '../code', S3Key: 'x' },
      'ValidationException',
      "Value '../code' at 's3Bucket'",
    ],
    ['half a character', { S3Bucket: 'code', S3Key: '\ud800' }, 'ValidationException', "at 's3Key'"],
    [
      'two sources',
      { S3Bucket: 'code', S3Key: 'x', ZipFile: guest('echo') },
      'InvalidParameterValueException',
      'do not provide other',
    ],
  ])('is refused with %s', async (_, code, name, message) => {
    s3.objects.set('code/text', Buffer.from('hello'));
    await expect(create('refused', code)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
    const { Functions } = await isola.client.send(new ListFunctionsCommand({}));
    expect(Functions?.map(({ FunctionName }) => FunctionName)).not.toContain('refused');
  });

  it('is read from our own buckets without an endpoint, by whom may read there', async () => {
    const plain = await startTestIsola();
    const s3 = createS3Client(plain);
    await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
    const Key = 'functions/f.zip';
    await s3.send(new PutObjectCommand({ Bucket: 'code', Key, Body: await zip({ 'index.wasm': guest('echo') }) }));
    s3.destroy();
    const create = (name: string, Code: CreateFunctionCommand['input']['Code'], client = plain.client) =>
      client.send(
        new CreateFunctionCommand({
          ...{ FunctionName: name, Runtime: 'provided.al2023', Role: ROLE, Handler: 'index.handler', Code },
        }),
      );
    await create('own', { S3Bucket: 'code', S3Key: Key });
    expect(await plain.invoke('own', { a: 1 })).toMatchObject({ payload: { a: 1 } });
    await expect(create('f', { S3Bucket: 'nobody', S3Key: Key })).rejects.toThrow(`${GET} NoSuchBucket`);
    await expect(create('f', { S3Bucket: 'code', S3Key: 'x' })).rejects.toThrow(`${GET} NoSuchKey`);
    const versioned = { S3Bucket: 'code', S3Key: Key, S3ObjectVersion: 'v' };
    await expect(create('f', versioned)).rejects.toThrow(`${GET} NoSuchVersion`);
    const key = await createUser(plain, 'deployer', [
      { Effect: 'Allow', Action: ['lambda:*', 'iam:PassRole'], Resource: '*' },
    ]);
    const client = new LambdaClient({ endpoint: plain.url, region: 'us-east-1', credentials: key });
    await expect(create('f', { S3Bucket: 'code', S3Key: Key }, client)).rejects.toThrow(/s3:GetObject/);
    client.destroy();
    await plain.stop();
  });
});
