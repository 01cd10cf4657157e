import { setTimeout as delay } from 'node:timers/promises';
import type { HttpClient } from './http-client.ts';
import type { LoadQuestion } from './load-generator.ts';

/** Messages that a request sends. */
export const BATCH = 10;
const LOOK_MS = 20;
const JSON_TYPE = 'application/x-amz-json-1.0';

/** One operation of SQS; its answer as JSON. */
async function askQueue(
  client: HttpClient,
  operation: string,
  input: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'content-type': JSON_TYPE, 'x-amz-target': `AmazonSQS.${operation}` };
  const { body } = await client.post('/', JSON.stringify(input), headers);
  return body === '' ? {} : (JSON.parse(body) as Readonly<Record<string, unknown>>);
}

/** Has a function get what comes into a queue of its own. */
export async function createMappedQueue(client: HttpClient, QueueName: string, FunctionName: string): Promise<void> {
  await askQueue(client, 'CreateQueue', { QueueName });
  const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
  const mapping = JSON.stringify({ FunctionName, EventSourceArn, BatchSize: BATCH });
  await client.post('/2015-03-31/event-source-mappings', mapping, { 'content-type': 'application/json' });
}

/** Requests of ten messages each. */
export function sendingTo(QueueUrl: string, body: string): Pick<LoadQuestion, 'body' | 'headers' | 'paths'> {
  const Entries = Array.from({ length: BATCH }, (_, at) => ({ Id: String(at), MessageBody: body }));
  return {
    paths: ['/'],
    body: JSON.stringify({ QueueUrl, Entries }),
    headers: { 'content-type': JSON_TYPE, 'x-amz-target': 'AmazonSQS.SendMessageBatch' },
  };
}

/** Waits until nothing is in a queue any more, handled or not. */
export async function untilEmpty(client: HttpClient, QueueUrl: string): Promise<void> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  for (;;) {
    const { Attributes } = await askQueue(client, 'GetQueueAttributes', { QueueUrl, AttributeNames });
    if (Object.values(Attributes as Record<string, string>).every((count) => count === '0')) return;
    await delay(LOOK_MS);
  }
}
