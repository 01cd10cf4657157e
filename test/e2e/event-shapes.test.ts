import { LambdaFunctionUrlSchema, SqsSchema } from '@aws-lambda-powertools/parser/schemas';
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaughtEvents, catchEvents } from '../support/caught-events.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

const MINUTES = 60_000;

describe('what functions are given, read by the schemas of AWS Lambda Powertools', () => {
  let isola: TestIsola;
  let caught: CaughtEvents;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2' });
    caught = await catchEvents(isola);
  });
  afterAll(() => isola.stop());

  it('is an event of a function URL', async () => {
    await isola.create('page', guest('echo'));
    await isola.openUrl('page');
    const target = `${isola.url}/url/page/a%2Fb?x=1&x=2&y=`;
    const headers = { cookie: 'a=1; b=2', 'content-type': 'application/json' };
    const asked = await fetch(target, { method: 'POST', headers, body: '{"a":1}' });
    const event = LambdaFunctionUrlSchema.parse(await asked.json());
    expect(event).toMatchObject({
      ...{ rawPath: '/a%2Fb', queryStringParameters: { x: '1,2', y: '' }, cookies: ['a=1', 'b=2'] },
      ...{ body: '{"a":1}', isBase64Encoded: false, requestContext: { http: { method: 'POST' } } },
    });
    const bare = await fetch(`${isola.url}/url/page/`);
    expect(LambdaFunctionUrlSchema.safeParse(await bare.json()).error).toBeUndefined();
  });

  it('is a batch of a queue, standard or FIFO', { timeout: 5 * MINUTES }, async () => {
    const sqs = createSqsClient(isola.running);
    for (const name of ['orders', 'orders.fifo']) {
      const isFifo = name.endsWith('.fifo');
      const Attributes = isFifo ? { FifoQueue: 'true' } : {};
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
      const FunctionName = await caught.createFunction(`reads-${name.replace('.', '-')}`);
      const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
      await isola.client.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }));
      const MessageAttributes = {
        kind: { DataType: 'String', StringValue: 'new' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
      };
      const fifo = isFifo ? { MessageGroupId: 'g', MessageDeduplicationId: 'd' } : {};
      const MessageBody = 'größer';
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes, ...fifo }));
      const { Records } = SqsSchema.parse(await caught.next());
      expect(Records).toMatchObject([
        {
          ...{ body: 'größer', eventSourceARN: EventSourceArn, awsRegion: 'us-east-1' },
          attributes: { ApproximateReceiveCount: '1', SenderId: '000000000000', ...fifo },
          messageAttributes: { kind: { stringValue: 'new' }, bytes: { binaryValue: 'AP8=' } },
        },
      ]);
    }
    sqs.destroy();
  });
});
