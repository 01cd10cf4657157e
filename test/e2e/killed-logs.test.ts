import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, it } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { createLogsClient } from '../support/logs-client.ts';
import { createMortalServers } from '../support/mortal-servers.ts';
import { guest } from '../support/wat.ts';

const ROUNDS = 3;
const CALLERS = 4;
const LOAD_MS = 4_000;
/** A second is what is promised, and another one is for a machine that has other things to do. */
const OLD_MS = 2_000;
const GROUP = { logGroupName: '/aws/lambda/f' };
const OWN = { logGroupName: '/own', logStreamName: 's' };

it('loses no line that was a second old, and no event that was acknowledged, when the server is killed', async () => {
  const servers = createMortalServers();
  const start = async () => {
    const server = await servers.start();
    const { url, credentialsFile } = server;
    return {
      server,
      lambda: createClient(url, credentialsFile),
      logs: createLogsClient({ url, running: { credentialsFile } }),
    };
  };
  const answered: { readonly text: string; readonly at: number }[] = [];
  const put: string[] = [];
  let killedAt = 0;
  const expected = new Set<string>();

  for (let round = 0; round < ROUNDS; round++) {
    const { server, lambda, logs } = await start();
    if (round === 0) {
      await createFunction(lambda, 'f', guest('logging'));
      await logs.send(new CreateLogGroupCommand(OWN));
      await logs.send(new CreateLogStreamCommand(OWN));
    }
    answered.length = 0;
    const call = async (caller: number): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const text = `${round}/${caller}/${turn}`;
        await invokeFunction(lambda, 'f', { text });
        answered.push({ text, at: Date.now() });
      }
    };
    const write = async (): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const message = `own ${round}/${turn}`;
        await logs.send(new PutLogEventsCommand({ ...OWN, logEvents: [{ timestamp: Date.now(), message }] }));
        put.push(message);
      }
    };
    const clients = [...Array.from({ length: CALLERS }, (_, caller) => call(caller)), write()];
    const ends = Promise.allSettled(clients);
    await delay(LOAD_MS);
    killedAt = Date.now();
    await server.kill();
    await ends;
    const old = answered.filter(({ at }) => at < killedAt - OLD_MS);
    expect(old.length).toBeGreaterThan(0);
    for (const { text } of old) expected.add(text);
  }

  const { logs } = await start();
  const messagesOf = async (logGroupName: string): Promise<string[]> => {
    const messages: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
      messages.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return messages;
  };
  const lines = await messagesOf(GROUP.logGroupName);
  const found = new Set(lines.flatMap((line) => /"text":"([^"]*)"/.exec(line)?.[1] ?? []));
  expect([...expected].filter((text) => !found.has(text))).toEqual([]);
  // An invocation is there as a whole or not at all.
  const count = (start: string): number => lines.filter((line) => line.startsWith(start)).length;
  expect([count('END'), count('REPORT'), count('INFO')]).toEqual(Array(3).fill(count('START')));
  const own = new Set(await messagesOf('/own'));
  expect(put.filter((message) => !own.has(message))).toEqual([]);
  expect(put.length).toBeGreaterThan(0);
}, 120_000);
