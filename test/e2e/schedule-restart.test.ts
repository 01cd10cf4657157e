import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { createEventsClient } from '../support/events-client.ts';
import { createMortalServers } from '../support/mortal-servers.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:ticks';
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: ARN },
  ],
});

it('a process that is started after another was killed fires the schedules that it finds, unasked', async () => {
  const servers = createMortalServers();
  const first = await servers.start();
  const sqs = createSqsClient(first);
  await sqs.send(new CreateQueueCommand({ QueueName: 'ticks', Attributes: { Policy: POLICY } }));
  const events = createEventsClient(first);
  await events.send(new PutRuleCommand({ Name: 'minutely', ScheduleExpression: 'cron(* * * * ? *)' }));
  await events.send(new PutTargetsCommand({ Rule: 'minutely', Targets: [{ Id: '1', Arn: ARN }] }));
  await first.kill();
  const second = await servers.start();
  const again = createSqsClient(second);
  const QueueUrl = `${second.url}/000000000000/ticks`;
  const seen = new Map<string, Set<string>>();
  const end = Date.now() + 240_000;
  while (seen.size < 1 && Date.now() < end) {
    const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
    for (const { Body = '' } of (await again.send(receive)).Messages ?? []) {
      const { time, id } = JSON.parse(Body) as { readonly time: string; readonly id: string };
      seen.set(time, (seen.get(time) ?? new Set()).add(id));
    }
  }
  expect(seen.size).toBeGreaterThan(0);
  expect([...seen].filter(([, ids]) => ids.size > 1)).toEqual([]);
  for (const client of [sqs, again, events]) client.destroy();
}, 300_000);
