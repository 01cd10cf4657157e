import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { createMortalServers } from '../support/mortal-servers.ts';
import { createS3Client } from '../support/s3-client.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const WRITERS = 6;
const ENOUGH = 120;
const BYTES = 300_000;
const ARN = 'arn:aws:sqs:us-east-1:000000000000:told';
const Bucket = 'photos';

const toBody = (writer: number, turn: number): Buffer => Buffer.alloc(BYTES, `${writer}/${turn};`);

it('leaves the old object or the new one when the server is killed, and tells of each that was answered', async () => {
  const servers = createMortalServers();
  const start = async (): Promise<{ server: ServerProcess; s3: S3Client; sqs: SQSClient }> => {
    const server = await servers.start();
    const { url, credentialsFile } = server;
    const s3 = createS3Client({ url, running: { credentialsFile } });
    const sqs = createSqsClient(server);
    onTestFinished(() => {
      s3.destroy();
      sqs.destroy();
    });
    return { server, s3, sqs };
  };

  const { server, s3, sqs } = await start();
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'told' }));
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: ARN,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await s3.send(new CreateBucketCommand({ Bucket }));
  const QueueConfigurations = [{ QueueArn: ARN, Events: ['s3:ObjectCreated:*' as const] }];
  const configuration = { Bucket, NotificationConfiguration: { QueueConfigurations }, SkipDestinationValidation: true };
  await s3.send(new PutBucketNotificationConfigurationCommand(configuration));

  const answered = new Set<string>();
  const last = Array.from({ length: WRITERS }, () => -1);
  const write = async (writer: number): Promise<void> => {
    for (let turn = 0; ; turn++) {
      const { ETag = '' } = await s3.send(
        new PutObjectCommand({ Bucket, Key: `k${writer}`, Body: toBody(writer, turn) }),
      );
      answered.add(ETag.replaceAll('"', ''));
      last[writer] = turn;
      if (answered.size === ENOUGH) void server.kill();
    }
  };
  await Promise.allSettled(last.map((_, writer) => write(writer)));
  expect(answered.size).toBeGreaterThanOrEqual(ENOUGH);

  const again = await start();
  for (const [writer, turn] of last.entries()) {
    const { Body } = await again.s3.send(new GetObjectCommand({ Bucket, Key: `k${writer}` }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(
      [turn, turn + 1].some((each) => bytes.equals(toBody(writer, each))),
      `${writer}/${turn}`,
    ).toBe(true);
  }
  const shelves = readdirSync(join(servers.dataDir, 'objects'));
  expect(shelves.flatMap((shelf) => readdirSync(join(servers.dataDir, 'objects', shelf)))).toHaveLength(WRITERS);

  const url = QueueUrl.replace(server.url, again.server.url);
  const told = new Set<string>();
  while ([...answered].some((etag) => !told.has(etag))) {
    const { Messages = [] } = await again.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
    );
    expect(Messages, `${told.size} of ${answered.size} were told`).not.toEqual([]);
    for (const { Body = '' } of Messages) told.add(JSON.parse(Body).Records[0].s3.object.eTag);
    const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await again.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  }
  expect(told.size).toBeLessThanOrEqual(answered.size + WRITERS);
}, 120_000);
