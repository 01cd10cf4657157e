import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction } from '../support/isola.ts';
import { callJson } from '../support/json-client.ts';
import { createMortalServers } from '../support/mortal-servers.ts';
import { readKey } from '../support/query-client.ts';
import { RECORDS, recall, recorder } from '../support/recorder.ts';
import { createRole } from '../support/role.ts';

const ROUNDS = 3;
/** Messages that the function has seen in a round before the server is killed. */
const ENOUGH = 100;
const READS = {
  Effect: 'Allow',
  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  Resource: '*',
};

it('brings every message to its function at least once, when the server is killed while it polls', async () => {
  const servers = createMortalServers();
  const start = async () => {
    const server = await servers.start();
    const client = createClient(server.url, server.credentialsFile);
    onTestFinished(() => client.destroy());
    const call = async (operation: string, input: Record<string, unknown>) => {
      const key = readKey(server.credentialsFile);
      const { status, body } = await callJson(server.url, key, `AmazonSQS.${operation}`, input);
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body;
    };
    return { server, client, call };
  };

  const first = await start();
  await first.call('CreateQueue', { QueueName: 'work', Attributes: { VisibilityTimeout: '2' } });
  const Role = await createRole(first.server, 'worker', [READS, RECORDS]);
  await createFunction(first.client, 'worker', await recorder(), { Role, Timeout: 2 });
  const mapping = { FunctionName: 'worker', EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:work', BatchSize: 2 };
  await first.client.send(new CreateEventSourceMappingCommand(mapping));

  const sent = new Set<string>();
  let current = first;
  for (let round = 0; round < ROUNDS; round++) {
    const { server, client, call } = current;
    /** Sends until the server is gone; what it said yes to counts. */
    const sendOn = async (): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const bodies = Array.from({ length: 10 }, (_, at) => `${round}/${turn}/${at}`);
        const Entries = bodies.map((MessageBody, id) => ({ Id: String(id), MessageBody }));
        await call('SendMessageBatch', { QueueUrl: 'work', Entries });
        for (const body of bodies) sent.add(body);
      }
    };
    const before = (await recall(client, 'worker')).length;
    const sending = sendOn().catch(() => undefined);
    const isEnough = async () => (await recall(client, 'worker')).length > before + ENOUGH;
    await expect.poll(isEnough, { timeout: 60_000, interval: 10 }).toBe(true);
    await server.kill();
    await sending;
    current = await start();
  }
  const missing = async () => {
    const seen = new Set(await recall(current.client, 'worker'));
    return [...sent].filter((body) => !seen.has(body));
  };
  await expect.poll(missing, { timeout: 60_000, interval: 200 }).toEqual([]);
}, 180_000);
