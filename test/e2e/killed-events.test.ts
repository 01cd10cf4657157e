import { InvokeCommand, type LambdaClient, PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { createClient, createFunction } from '../support/isola.ts';
import { createMortalServers } from '../support/mortal-servers.ts';
import { createRole } from '../support/role.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

const EVENTS = Number(process.env.KILLED_EVENTS ?? 2_000);
const KILLS = 3;
const SENDERS = 16;
const CALLERS = 4;
const MINUTES = 60_000;

/** Functions that answer, and one that fails and is tried again. */
const FUNCTIONS = ['even', 'odd', 'failing'] as const;

it(
  `runs each of ${EVENTS} events that were accepted under load, though the server is killed three times`,
  async () => {
    const servers = createMortalServers();
    const start = async () => {
      const server = await servers.start({ ISOLA_ASYNC_RETRY_DELAYS: '0.1,0.1' });
      const lambda = createClient(server.url, server.credentialsFile);
      return { server, lambda, sqs: createSqsClient(server) };
    };
    let now = await start();
    const { QueueUrl = '' } = await now.sqs.send(new CreateQueueCommand({ QueueName: 'ended' }));
    const queue = { QueueUrl: new URL(QueueUrl).pathname };
    const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
    const Role = await createRole(now.server, 'teller', [statement]);
    const Destination = 'arn:aws:sqs:us-east-1:000000000000:ended';
    const DestinationConfig = { OnSuccess: { Destination }, OnFailure: { Destination } };
    await createFunction(now.lambda, 'called', guest('echo'));
    for (const FunctionName of FUNCTIONS) {
      await createFunction(now.lambda, FunctionName, FunctionName === 'failing' ? guest('trap') : answering('1'), {
        Role,
      });
      await now.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig }));
    }

    const accepted = new Set<string>();
    let unanswered = 0;
    for (let round = 0; round <= KILLS; round++) {
      const { server, lambda } = now;
      const enough = (EVENTS * (round + 1)) / (KILLS + 1);
      const more = (): boolean => accepted.size < enough;
      const send = async (sender: number): Promise<void> => {
        for (let turn = 0; more(); turn++) {
          const FunctionName = FUNCTIONS[turn % 10 === 9 ? 2 : turn % 2] as string;
          const id = `${round}/${sender}/${turn}`;
          const Payload = Buffer.from(JSON.stringify({ id }));
          await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
          accepted.add(id);
        }
      };
      const ends = await Promise.allSettled([
        ...Array.from({ length: SENDERS }, (_, sender) => send(sender).finally(() => round < KILLS && server.kill())),
        ...Array.from({ length: CALLERS }, () => callWhile(lambda, more)),
      ]);
      unanswered += ends.filter(({ status }) => status === 'rejected').length;
      if (round < KILLS) now = await start();
    }

    const runs = await receiveAll();
    const lost = [...accepted].filter((id) => !runs.has(id));
    const duplicates = [...runs.values()].reduce((sum, times) => sum + times - 1, 0);
    console.log(
      `${accepted.size} events accepted, ${unanswered} requests cut off by ${KILLS} kills: ${lost.length} lost, ${duplicates} told twice`,
    );
    expect(accepted.size).toBeGreaterThanOrEqual(EVENTS);
    expect(lost).toEqual([]);

    /** How often the end of each event was told, once all have ended. */
    async function receiveAll(): Promise<Map<string, number>> {
      const idle = /isola_async_queued_events 0\n/;
      const metrics = async (): Promise<string> => (await fetch(`${now.server.url}/metrics`)).text();
      await expect.poll(metrics, { timeout: 10 * MINUTES, interval: 200 }).toMatch(idle);
      const told = new Map<string, number>();
      for (;;) {
        const command = new ReceiveMessageCommand({ ...queue, MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 });
        const { Messages = [] } = await now.sqs.send(command);
        if (Messages.length === 0) return told;
        for (const { Body = '' } of Messages) {
          const { requestPayload } = JSON.parse(Body) as { requestPayload: { id: string } };
          told.set(requestPayload.id, (told.get(requestPayload.id) ?? 0) + 1);
        }
      }
    }
  },
  30 * MINUTES,
);

/** The load: calls that wait for their answer. */
async function callWhile(lambda: LambdaClient, more: () => boolean): Promise<void> {
  while (more()) await lambda.send(new InvokeCommand({ FunctionName: 'called', Payload: Buffer.from('{}') }));
}
