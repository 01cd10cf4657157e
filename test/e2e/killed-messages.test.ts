import { expect, it } from 'vitest';
import { callJson } from '../support/json-client.ts';
import { createMortalServers } from '../support/mortal-servers.ts';
import { readKey } from '../support/query-client.ts';

const SENDERS = 6;
const RECEIVERS = 3;
const ROUNDS = 3;
/** Acknowledgements of a round before the server is killed. */
const ENOUGH = 150;

it('loses no message that was acknowledged and keeps none that was deleted, when the server is killed between', async () => {
  const servers = createMortalServers();
  const start = async () => {
    const server = await servers.start();
    const key = readKey(server.credentialsFile);
    const call = async (operation: string, input: Record<string, unknown>) => {
      const { status, body } = await callJson(server.url, key, `AmazonSQS.${operation}`, input);
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body;
    };
    return { server, call };
  };
  const queue = { QueueUrl: 'durable' };
  /** What the server said yes to, and what it was asked and may have done. */
  const sent = new Set<string>();
  const deleted = new Set<string>();
  const deleting = new Set<string>();

  for (let round = 0; round < ROUNDS; round++) {
    const { server, call } = await start();
    await call('CreateQueue', { QueueName: 'durable' });
    let acknowledged = 0;
    const count = (): void => {
      acknowledged += 1;
      if (acknowledged === ENOUGH) void server.kill();
    };
    const send = async (sender: number): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const MessageBody = `${round}/${sender}/${turn}`;
        await call('SendMessage', { ...queue, MessageBody });
        sent.add(MessageBody);
        count();
      }
    };
    const receive = async (): Promise<void> => {
      for (;;) {
        const { Messages = [] } = await call('ReceiveMessage', { ...queue, WaitTimeSeconds: 5, VisibilityTimeout: 0 });
        for (const { Body, ReceiptHandle } of Messages as readonly { Body: string; ReceiptHandle: string }[]) {
          expect([Body, deleted.has(Body)]).toEqual([Body, false]);
          deleting.add(Body);
          await call('DeleteMessage', { ...queue, ReceiptHandle });
          deleted.add(Body);
          count();
        }
      }
    };
    const clients = [
      ...Array.from({ length: SENDERS }, (_, sender) => send(sender)),
      ...Array.from({ length: RECEIVERS }, () => receive()),
    ];
    const ends = await Promise.allSettled(clients);
    expect(
      ends.map((end) => String((end as PromiseRejectedResult).reason)).filter((text) => /Assertion/.test(text)),
    ).toEqual([]);
    expect(acknowledged).toBeGreaterThanOrEqual(ENOUGH);
  }

  const { call } = await start();
  const left = new Set<string>();
  for (;;) {
    const { Messages = [] } = await call('ReceiveMessage', {
      ...queue,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 600,
    });
    const bodies = (Messages as readonly { Body: string }[]).map(({ Body }) => Body);
    if (bodies.length === 0) break;
    for (const body of bodies) left.add(body);
  }
  const lost = [...sent].filter((body) => !left.has(body) && !deleting.has(body));
  expect(lost).toEqual([]);
  expect([...left].filter((body) => deleted.has(body))).toEqual([]);
  expect(deleted.size).toBeGreaterThan(0);
}, 120_000);
