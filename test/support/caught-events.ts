import { type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { createFunction, type TestIsola } from './isola.ts';
import { createRole } from './role.ts';
import { TOPICS_MAY_SEND } from './sns.ts';
import { createSqsClient } from './sqs-client.ts';
import { guest } from './wat.ts';

/** Functions of an Isola that show what they are given. */
export interface CaughtEvents {
  /** Makes a function that hands on its events; its role reads sources too. Answers its ARN. */
  createFunction(name: string): Promise<string>;
  /** Has a topic tell the same as if it were one of their events. */
  subscribe(sns: SNSClient, TopicArn: string): Promise<void>;
  /** The next event that one of them was given. */
  next(): Promise<unknown>;
}

const ROLE = [{ Effect: 'Allow', Action: ['sqs:*', 'kinesis:*', 'dynamodb:*', 'sns:*'], Resource: '*' }];

/** How long an event may take, in milliseconds: schedules and pollers have their own pace. */
const PATIENCE_MS = 120_000;

export async function catchEvents(isola: TestIsola): Promise<CaughtEvents> {
  const sqs = createSqsClient(isola.running);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'caught' }));
  const Role = await createRole(isola.running, 'catcher', ROLE);
  return {
    async createFunction(name) {
      await createFunction(isola.client, name, guest('forwarder'), { Role });
      return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    },
    async subscribe(sns, TopicArn) {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: TOPICS_MAY_SEND } }));
      const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:caught';
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    },
    async next() {
      const deadline = Date.now() + PATIENCE_MS;
      while (Date.now() < deadline) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
        const [message] = Messages;
        if (message === undefined) continue;
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
        return JSON.parse(message.Body ?? '');
      }
      throw new Error('No function was given an event.');
    },
  };
}
