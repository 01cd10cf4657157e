import { expect, it, onTestFinished } from 'vitest';
import { Endpoint } from '../support/endpoint.ts';
import { createMortalServers } from '../support/mortal-servers.ts';
import { type QueryAnswer, query, readKey } from '../support/query-client.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { TOPICS_MAY_SEND } from '../support/sns.ts';

const PUBLISHERS = 8;
const ROUNDS = 3;
/** Acknowledgements of a round before the server is killed. */
const ENOUGH = 60;
const QUEUES = ['one', 'two'];
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:durable';

interface Mortal {
  readonly server: ServerProcess;
  /** Rejects for whatever is not answered with 200. */
  call(service: 'sns' | 'sqs', operation: string, form: Record<string, string>): Promise<QueryAnswer>;
}

/** Starts one server after another on the same data; the test's end ends them. */
function createMortal(): () => Promise<Mortal> {
  const servers = createMortalServers();
  return async () => {
    const server = await servers.start();
    const key = readKey(server.credentialsFile);
    return {
      server,
      async call(service, operation, form) {
        const answer = await query(server.url, key, service, operation, form);
        if (answer.status !== 200) throw new Error(answer.xml);
        return answer;
      },
    };
  };
}

it('brings every message that was acknowledged to every subscriber, when the server is killed between', async () => {
  const start = createMortal();
  const acknowledged = new Set<string>();

  for (let round = 0; round < ROUNDS; round++) {
    const { server, call } = await start();
    if (round === 0) {
      await call('sns', 'CreateTopic', { Name: 'durable' });
      for (const QueueName of QUEUES) {
        const policy = { 'Attribute.1.Name': 'Policy', 'Attribute.1.Value': TOPICS_MAY_SEND };
        await call('sqs', 'CreateQueue', { QueueName, ...policy });
        const raw = { 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': 'true' };
        const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
        await call('sns', 'Subscribe', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint, ...raw });
      }
    }
    let count = 0;
    const publish = async (publisher: number): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const Message = `${round}/${publisher}/${turn}`;
        await call('sns', 'Publish', { TopicArn: TOPIC, Message });
        acknowledged.add(Message);
        count += 1;
        if (count === ENOUGH) void server.kill();
      }
    };
    await Promise.allSettled(Array.from({ length: PUBLISHERS }, (_, publisher) => publish(publisher)));
    expect(count).toBeGreaterThanOrEqual(ENOUGH);
  }

  const { call } = await start();
  for (const QueueName of QUEUES) {
    const missing = new Set(acknowledged);
    while (missing.size > 0) {
      const options = { MaxNumberOfMessages: '10', VisibilityTimeout: '600', WaitTimeSeconds: '20' };
      const answer = await call('sqs', 'ReceiveMessage', { QueueUrl: `/000000000000/${QueueName}`, ...options });
      const bodies = answer.texts('Body');
      if (bodies.length === 0) break;
      for (const body of bodies) missing.delete(body);
    }
    expect([QueueName, [...missing]]).toEqual([QueueName, []]);
  }
}, 180_000);

it('brings a message again to an endpoint that was asked when the server was killed', async () => {
  const endpoint = new Endpoint();
  const base = await endpoint.open();
  onTestFinished(() => endpoint.close());
  const servers = createMortalServers();
  const start = () => servers.start({ ISOLA_PRIVATE_HOSTS: '127.0.0.1' });
  const first = await start();
  const call = async (action: string, form: Record<string, string>) =>
    query(first.url, readKey(first.credentialsFile), 'sns', action, form);
  await call('CreateTopic', { Name: 'durable' });
  await call('Subscribe', { TopicArn: TOPIC, Protocol: 'http', Endpoint: base });
  await fetch(JSON.parse((await endpoint.next()).text).SubscribeURL);
  endpoint.statuses.push('never');
  const published = await call('Publish', { TopicArn: TOPIC, Message: 'twice' });
  const messages = [JSON.parse((await endpoint.next()).text)];
  await first.kill();
  await start();
  messages.push(JSON.parse((await endpoint.next()).text));
  expect(messages[1]).toEqual(messages[0]);
  expect(messages[0]).toMatchObject({ Message: 'twice', MessageId: published.text('MessageId') });
}, 120_000);

it('keeps the order of a FIFO topic, and brings each message once, when the server is killed between', async () => {
  const start = createMortal();
  const TopicArn = `${TOPIC}.fifo`;
  const acknowledged: string[] = [];
  let at = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { server, call } = await start();
    if (round === 0) {
      const fifo = { 'Attributes.entry.1.key': 'FifoTopic', 'Attributes.entry.1.value': 'true' };
      await call('sns', 'CreateTopic', { Name: 'durable.fifo', ...fifo });
      const policy = { 'Attribute.1.Name': 'Policy', 'Attribute.1.Value': TOPICS_MAY_SEND };
      const queue = { 'Attribute.2.Name': 'FifoQueue', 'Attribute.2.Value': 'true' };
      await call('sqs', 'CreateQueue', { QueueName: 'line.fifo', ...policy, ...queue });
      const raw = { 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': 'true' };
      const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:line.fifo';
      await call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, ...raw });
    }
    const until = acknowledged.length + 30;
    const publish = async (): Promise<void> => {
      for (;;) {
        const Message = String(at++);
        await call('sns', 'Publish', { TopicArn, Message, MessageGroupId: 'g', MessageDeduplicationId: Message });
        acknowledged.push(Message);
        if (acknowledged.length === until) void server.kill();
      }
    };
    await publish().catch(() => undefined);
  }

  const { call } = await start();
  const received: string[] = [];
  while (!received.includes(acknowledged.at(-1) ?? '')) {
    const options = { MaxNumberOfMessages: '10', WaitTimeSeconds: '20' };
    const answer = await call('sqs', 'ReceiveMessage', { QueueUrl: 'line.fifo', ...options });
    const bodies = answer.texts('Body');
    expect(bodies.length).toBeGreaterThan(0);
    received.push(...bodies);
    for (const ReceiptHandle of answer.texts('ReceiptHandle')) {
      await call('sqs', 'DeleteMessage', { QueueUrl: 'line.fifo', ReceiptHandle });
    }
  }
  expect(received).toEqual([...new Set(received)].sort((a, b) => Number(a) - Number(b)));
  expect(acknowledged.filter((message) => !received.includes(message))).toEqual([]);
}, 180_000);
