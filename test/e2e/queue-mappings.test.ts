import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { RECORDS, recall, recorder } from '../support/recorder.ts';
import { createRole } from '../support/role.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const READS = {
  Effect: 'Allow',
  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  Resource: '*',
};
const PATIENCE = { timeout: 60_000, interval: 100 };

describe('a mapping from a queue to a function', () => {
  let isola: TestIsola;
  let sqs: SQSClient;
  let Role: string;
  let code: Uint8Array;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2' });
    sqs = createSqsClient(isola.running);
    Role = await createRole(isola.running, 'reader', [READS, RECORDS]);
    code = await recorder();
  });
  afterAll(async () => {
    sqs.destroy();
    await isola.stop();
  });

  const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
  const createQueue = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  const map = async (
    FunctionName: string,
    queue: string,
    settings: Partial<CreateEventSourceMappingCommandInput> = {},
  ): Promise<string> => {
    const command = { FunctionName, EventSourceArn: arnOf(queue), ...settings };
    return (await isola.client.send(new CreateEventSourceMappingCommand(command))).UUID ?? '';
  };
  const send = (QueueUrl: string, ...bodies: readonly string[]) =>
    sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody })),
      }),
    );
  const messagesIn = async (QueueUrl: string): Promise<number> => {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes = {} } = await sqs.send(asked);
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  };
  const resultOf = async (UUID: string) =>
    (await isola.client.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;

  it('brings every message to the function, and deletes what it handled', async () => {
    const url = await createQueue('orders');
    await isola.create('keeper', code, { Role });
    await send(url, 'a', 'b', 'c');
    const uuid = await map('keeper', 'orders');
    await expect
      .poll(async () => [...(await recall(isola.client, 'keeper'))].sort(), PATIENCE)
      .toEqual(['a', 'b', 'c']);
    await send(url, 'd');
    await expect.poll(() => recall(isola.client, 'keeper'), PATIENCE).toContain('d');
    await expect.poll(() => messagesIn(url), PATIENCE).toBe(0);
    expect(await resultOf(uuid)).toBe('OK');
  });

  it('returns the messages that the function reports, and the poison ends among the dead letters', async () => {
    const dead = await createQueue('poisoned');
    const redrive = JSON.stringify({ deadLetterTargetArn: arnOf('poisoned'), maxReceiveCount: 2 });
    const url = await createQueue('mixed', { VisibilityTimeout: '1', RedrivePolicy: redrive });
    await isola.create('reporter', code, { Role, Timeout: 1, Environment: { Variables: { REPORTS: '1' } } });
    await send(url, 'first', 'poison', 'last');
    await map('reporter', 'mixed', { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    const received = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 20, MessageSystemAttributeNames: ['All'] }),
    );
    expect(received.Messages?.map(({ Body }) => Body)).toEqual(['poison']);
    expect(received.Messages?.[0]?.Attributes?.DeadLetterQueueSourceArn).toBe(arnOf('mixed'));
    expect(await messagesIn(url)).toBe(0);
    expect([...(await recall(isola.client, 'reporter'))].sort()).toEqual(['first', 'last']);
  });

  it('returns a whole batch when the function fails', async () => {
    const dead = await createQueue('failed');
    const redrive = JSON.stringify({ deadLetterTargetArn: arnOf('failed'), maxReceiveCount: 1 });
    const url = await createQueue('failing', { VisibilityTimeout: '1', RedrivePolicy: redrive });
    await isola.create('failing', code, { Role, Timeout: 1 });
    await send(url, 'fine', 'poison');
    const uuid = await map('failing', 'failing');
    await expect.poll(() => messagesIn(dead), PATIENCE).toBe(2);
    expect(await recall(isola.client, 'failing')).toEqual([]);
    expect(await resultOf(uuid)).toBe('PROBLEM: Function call failed');
  });

  it('is refused when messages are hidden for less than the function may take', async () => {
    await createQueue('brief', { VisibilityTimeout: '2' });
    await isola.create('slow', code, { Role });
    await expect(map('slow', 'brief')).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    });
  });

  it('keeps the order of a FIFO queue within each group', async () => {
    const url = await createQueue('lines.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    await isola.create('orderly', code, { Role });
    await map('orderly', 'lines.fifo', { BatchSize: 3 });
    for (let turn = 0; turn < 8; turn++) {
      for (const MessageGroupId of ['x', 'y']) {
        const MessageBody = `${MessageGroupId}${turn}`;
        await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody, MessageGroupId }));
      }
    }
    await expect.poll(async () => (await recall(isola.client, 'orderly')).length, PATIENCE).toBe(16);
    const seen = await recall(isola.client, 'orderly');
    for (const group of ['x', 'y']) {
      const ofGroup = seen.filter((each) => each.startsWith(group));
      expect(ofGroup).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((turn) => `${group}${turn}`));
    }
  });

  it('reads nothing while it is disabled, and nothing any more when it is deleted', async () => {
    const url = await createQueue('paused');
    await isola.create('paused', code, { Role });
    const UUID = await map('paused', 'paused', { Enabled: false });
    await send(url, 'waits');
    expect(await messagesIn(url)).toBe(1);
    await isola.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await expect.poll(() => recall(isola.client, 'paused'), PATIENCE).toEqual(['waits']);
    await isola.client.send(new DeleteEventSourceMappingCommand({ UUID }));
    // Whoever still polled would be served first: those who wait are served in turn.
    await send(url, 'stays');
    const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }));
    expect(received.Messages?.map(({ Body }) => Body)).toEqual(['stays']);
  });

  it('brings only what the filters of the mapping let through, and lets go of the rest', async () => {
    const url = await createQueue('filtered');
    await isola.create('choosy', code, { Role });
    const Filters = [
      { Pattern: '{"body":{"kind":["sale"],"price":[{"numeric":[">",10]}]}}' },
      { Pattern: '{"body":["ping"]}' },
    ];
    await map('choosy', 'filtered', { FilterCriteria: { Filters } });
    const sale = (price: number) => JSON.stringify({ kind: 'sale', price });
    await send(url, sale(5), sale(11), '{"kind":"offer","price":50}', 'kind', 'ping', '"ping"');
    await expect.poll(() => messagesIn(url), PATIENCE).toBe(0);
    expect([...(await recall(isola.client, 'choosy'))].sort()).toEqual(['ping', sale(11)]);
  });

  it('is not made where the execution role may not read the queue', async () => {
    await createQueue('closed');
    const Blind = await createRole(isola.running, 'blind', [{ ...READS, Action: ['sqs:ReceiveMessage'] }]);
    await isola.create('blind', code, { Role: Blind });
    await expect(map('blind', 'closed')).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The provided execution role does not have permissions to call DeleteMessage on SQS',
    });
  });

  it('reads nothing that the execution role may not read any more, and says so', async () => {
    const url = await createQueue('secret');
    const Waning = await createRole(isola.running, 'waning', [READS, RECORDS]);
    await isola.create('waning', code, { Role: Waning });
    const uuid = await map('waning', 'secret', { Enabled: false });
    await createRole(isola.running, 'waning', [RECORDS]);
    await isola.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
    await send(url, 'secret');
    await expect.poll(() => resultOf(uuid), PATIENCE).toContain('does not allow sqs:ReceiveMessage');
    expect(await messagesIn(url)).toBe(1);
    expect(await recall(isola.client, 'waning')).toEqual([]);
    await createRole(isola.running, 'waning', [READS, RECORDS]);
    await expect.poll(() => recall(isola.client, 'waning'), PATIENCE).toEqual(['secret']);
  });
});
