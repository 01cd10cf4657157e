import { CreateEventSourceMappingCommand, PutFunctionRecursionConfigCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { startTestIsola } from '../support/isola.ts';
import { createRole } from '../support/role.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { assemble } from '../support/wat.ts';

const PATIENCE = { timeout: 120_000, interval: 200 };

/** A guest that sends a message to a queue whenever it runs. */
function sender(queue: string): Uint8Array {
  const head = `{"op":"queue.send","queue":"${queue}"}`;
  return assemble(`(module
    (import "isola" "call" (func $call (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "{}${head.replaceAll('"', '\\"')}")
    (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
    (func (export "handler") (param i32 i32) (result i64)
      (drop (call $call (i32.const 2) (i32.const ${head.length}) (i32.const 0) (i32.const 2)))
      (i64.const 2)))`);
}

it('ends what a function sends itself by a queue after sixteen turns, unless that is allowed', async () => {
  const isola = await startTestIsola({ ISOLA_THREADS: '2' });
  const sqs = createSqsClient(isola.running);
  onTestFinished(async () => {
    sqs.destroy();
    await isola.stop();
  });
  const Role = await createRole(isola.running, 'loop', [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
  const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
  const { QueueUrl: dead } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const map = async (name: string): Promise<string | undefined> => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 });
    const Attributes = { RedrivePolicy, VisibilityTimeout: '10' };
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    await isola.create(name, sender(name), { Role, Timeout: 10 });
    const mapping = { FunctionName: name, EventSourceArn: arnOf(name) };
    await isola.client.send(new CreateEventSourceMappingCommand(mapping));
    return QueueUrl;
  };
  const turns = async (name: string): Promise<number> => {
    const metrics = await (await fetch(`${isola.url}/metrics`)).text();
    return Number(new RegExp(`^isola_invocations_total\\{function_name="${name}"\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
  };
  const QueueUrl = await map('circling');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'begin' }));
  const buried = async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead }))).Messages?.[0]?.Body;
  await expect.poll(buried, PATIENCE).toBe('{}');
  expect(await turns('circling')).toBe(16);

  const allowed = await map('allowed');
  const config = { FunctionName: 'allowed', RecursiveLoop: 'Allow' as const };
  await isola.client.send(new PutFunctionRecursionConfigCommand(config));
  await sqs.send(new SendMessageCommand({ QueueUrl: allowed, MessageBody: 'begin' }));
  await expect.poll(() => turns('allowed'), PATIENCE).toBeGreaterThan(20);
}, 300_000);
