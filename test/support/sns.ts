import { SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { TestIsola } from './isola.ts';
import { type AccessKey, readKey } from './query-client.ts';

type Server = Pick<TestIsola, 'url' | 'running'>;

export function createSnsClient(
  { url, running }: Server,
  key: AccessKey = readKey(running.credentialsFile),
): SNSClient {
  return new SNSClient({ endpoint: url, region: 'us-east-1', maxAttempts: 1, credentials: key });
}

/** A queue's policy by which topics may send to it. */
export const TOPICS_MAY_SEND: string = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' },
  ],
});

export interface ReceivedMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, { DataType?: string; StringValue?: string; BinaryValue?: Uint8Array }>>;
  readonly system: Readonly<Record<string, string>>;
}

/** Waits until so many messages have come to a queue, and takes them out in their order. */
export async function receive(sqs: SQSClient, QueueUrl: string, count: number): Promise<readonly ReceivedMessage[]> {
  const received: ReceivedMessage[] = [];
  while (received.length < count) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: Math.min(10, count - received.length) },
        ...{ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] },
      }),
    );
    if (Messages.length === 0) throw new Error(`${received.length} of ${count} messages have come to ${QueueUrl}`);
    for (const { Body = '', MessageAttributes = {}, Attributes = {}, ReceiptHandle } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      received.push({
        body: Body,
        attributes: MessageAttributes as ReceivedMessage['attributes'],
        system: Attributes as ReceivedMessage['system'],
      });
    }
  }
  return received;
}
