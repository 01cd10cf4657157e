import { CreateEventSourceMappingCommand, GetEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { readKey } from '../support/query-client.ts';
import { RECORDS, recall, recorder } from '../support/recorder.ts';
import { createRole } from '../support/role.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };

describe('a mapping from a queue of another service', () => {
  let distant: TestIsola;
  let isola: TestIsola;
  let sqs: SQSClient;
  beforeAll(async () => {
    distant = await startTestIsola({ ISOLA_THREADS: '1' });
    const credentials = readKey(distant.running.credentialsFile);
    sqs = new SQSClient({ endpoint: distant.url, region: 'us-east-1', credentials });
    isola = await startTestIsola({
      ISOLA_THREADS: '2',
      ISOLA_SQS_ENDPOINT: distant.url,
      ISOLA_SOURCES_ACCESS_KEY_ID: credentials.accessKeyId,
      ISOLA_SOURCES_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    const Role = await createRole(isola.running, 'reader', [
      { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
      RECORDS,
    ]);
    await isola.create('f', await recorder(), { Role, Environment: { Variables: { REPORTS: '1' } } });
  });
  afterAll(async () => {
    sqs.destroy();
    await isola.stop();
    await distant.stop();
  });

  const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
  const createQueue = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';

  it('handles what is there, deletes it, and leaves what failed to that service', async () => {
    const dead = await createQueue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 2 });
    const QueueUrl = await createQueue('work', { VisibilityTimeout: '1', RedrivePolicy });
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } };
    for (const MessageBody of ['one', 'poison', 'two']) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    }
    const { UUID } = await isola.client.send(
      new CreateEventSourceMappingCommand({
        ...{ FunctionName: 'f', EventSourceArn: arnOf('work'), FunctionResponseTypes: ['ReportBatchItemFailures'] },
      }),
    );
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 20 }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['poison']);
    const seen = await recall(isola.client, 'f');
    expect([...seen].sort()).toEqual(['one', 'two']);
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const counts = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    expect(Object.values((await sqs.send(counts)).Attributes ?? {})).toEqual(['0', '0']);
    const { LastProcessingResult } = await isola.client.send(new GetEventSourceMappingCommand({ UUID }));
    expect(LastProcessingResult).toMatch(/^(OK|PROBLEM: Function call failed)$/);
  });

  it('waits for a queue that is not there yet, and says so', async () => {
    const { UUID } = await isola.client.send(
      new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn: arnOf('later') }),
    );
    const result = async () =>
      (await isola.client.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;
    await expect.poll(result, PATIENCE).toMatch(/^PROBLEM: .*queue does not exist/);
    const QueueUrl = await createQueue('later');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'at last' }));
    await expect.poll(() => recall(isola.client, 'f'), PATIENCE).toContain('at last');
  });
});
