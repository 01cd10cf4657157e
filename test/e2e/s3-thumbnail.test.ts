import { resolve } from 'node:path';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';
import { readProject } from '../../runtime/cli/toolchain/project.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createPng, decodePng, filterRows } from '../support/png.ts';
import { createRole } from '../support/role.ts';
import { createS3Client } from '../support/s3-client.ts';

const FOLDER = resolve('functions/thumbnail');

describe('the thumbnail example', () => {
  let isola: TestIsola;
  let s3: S3Client;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_ASYNC_RETRY_DELAYS: '0.1,0.1' });
    s3 = createS3Client(isola);
    const { grants, memory, timeout } = await readProject(FOLDER);
    const statements = grants.map(({ action, resource }) => ({ Effect: 'Allow', Action: action, Resource: resource }));
    const Role = await createRole(isola.running, 'thumbnail', statements);
    const { wasm, handler } = await buildFunction(FOLDER, () => {});
    await isola.create('thumbnail', wasm, { Role, Handler: handler, MemorySize: memory, Timeout: timeout });
    for (const Bucket of ['photos', 'photos-resized']) await s3.send(new CreateBucketCommand({ Bucket }));
    await isola.client.send(
      new AddPermissionCommand({
        ...{ FunctionName: 'thumbnail', StatementId: 'photos', Action: 'lambda:InvokeFunction' },
        ...{ Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::photos', SourceAccount: '000000000000' },
      }),
    );
    const rule = {
      LambdaFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:thumbnail',
      Events: ['s3:ObjectCreated:*' as const],
      Filter: { Key: { FilterRules: [{ Name: 'suffix' as const, Value: '.png' }] } },
    };
    const NotificationConfiguration = { LambdaFunctionConfigurations: [rule] };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'photos', NotificationConfiguration }));
  });
  afterAll(async () => {
    s3.destroy();
    await isola.stop();
  });

  const find = async (Key: string): Promise<Uint8Array> => {
    const command = new GetObjectCommand({ Bucket: 'photos-resized', Key });
    const { Body } = await vi.waitFor(() => s3.send(command), { timeout: 60_000, interval: 50 });
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };

  it('shrinks what is uploaded', async () => {
    const [width, height] = [400, 200];
    const pixels = new Uint8Array(width * height * 4).map((_, at) => (at % 4 === 3 ? 255 : (at * 7) & 255));
    const Body = createPng({ width, height, colourType: 6 }, filterRows({ width, height, pixels }));
    const Key = 'holidays/grün & blau +1.png';
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'notes.txt', Body: 'no picture' }));
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'broken.png', Body: 'no picture' }));
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body, ContentType: 'image/png' }));
    expect(decodePng(Buffer.from(await find(Key)))).toMatchObject({ width: 128, height: 64 });
  });
});
