import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction } from '../support/isola.ts';
import { startKinesis } from '../support/kinesalite.ts';
import { createMortalServers } from '../support/mortal-servers.ts';
import { RECORDS, recall, recorder } from '../support/recorder.ts';
import { createRole } from '../support/role.ts';

const ROUNDS = 3;
const KEYS = ['a', 'b', 'c'];
/** Records that the function has seen in a round before the server is killed. */
const ENOUGH = 40;

it('goes on in a stream where it was, in order and without a gap, when the server is killed while it reads', async () => {
  const kinesis = await startKinesis();
  onTestFinished(() => kinesis.stop());
  const servers = createMortalServers();
  const start = async () => {
    const server = await servers.start({ ISOLA_KINESIS_ENDPOINT: kinesis.url });
    const client = createClient(server.url, server.credentialsFile);
    onTestFinished(() => client.destroy());
    return { server, client };
  };

  const first = await start();
  const EventSourceArn = await kinesis.createStream('durable', 2);
  const Role = await createRole(first.server, 'reader', [
    { Effect: 'Allow', Action: 'kinesis:*', Resource: '*' },
    RECORDS,
  ]);
  await createFunction(first.client, 'reader', await recorder(), { Role });
  await first.client.send(
    new CreateEventSourceMappingCommand({
      ...{ FunctionName: 'reader', EventSourceArn, StartingPosition: 'TRIM_HORIZON' },
      ...{ BatchSize: 2, ParallelizationFactor: 2 },
    }),
  );

  let current = first;
  let put = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { server, client } = current;
    let isKilled = false;
    /** Puts until the server is gone, a record of each key in turn. */
    const putOn = async (): Promise<void> => {
      for (; !isKilled; put++) {
        for (const key of KEYS) await kinesis.put('durable', key, `${key}${String(put).padStart(6, '0')}`);
      }
    };
    const before = (await recall(client, 'reader')).length;
    const putting = putOn();
    const isEnough = async () => (await recall(client, 'reader')).length > before + ENOUGH;
    await expect.poll(isEnough, { timeout: 60_000, interval: 10 }).toBe(true);
    await server.kill();
    isKilled = true;
    await putting;
    current = await start();
  }
  const firstSeen = async () => [...new Set(await recall(current.client, 'reader'))];
  await expect.poll(async () => (await firstSeen()).length, { timeout: 60_000, interval: 200 }).toBe(put * KEYS.length);
  const seen = await firstSeen();
  for (const key of KEYS) {
    const ofKey = seen.filter((each) => each.startsWith(key));
    expect(ofKey).toEqual([...ofKey].sort());
  }
}, 180_000);
