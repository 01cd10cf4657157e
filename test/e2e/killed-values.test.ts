import { expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { createMortalServers } from '../support/mortal-servers.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';

const WRITERS = 8;
const ENOUGH = 200;

it('keeps every value that a function was told is kept, when the server is killed between', async () => {
  const servers = createMortalServers();
  const start = async () => {
    const server = await servers.start();
    const client = createClient(server.url, server.credentialsFile);
    onTestFinished(() => client.destroy());
    return { server, client };
  };

  const { server, client } = await start();
  const statement = { Effect: 'Allow', Action: 'isola:Kv*', Resource: '*' };
  const Role = await createRole(server, 'writer', [statement]);
  await createFunction(client, 'writer', guest('caller'), { Role });
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let turn = 0; ; turn++) {
      const key = `${writer}/${turn}`;
      const { payload } = await invokeFunction(client, 'writer', { op: 'kv.put', key });
      if ((payload as { done?: boolean }).done) acknowledged.push(key);
      if (acknowledged.length === ENOUGH) void server.kill();
    }
  };
  await Promise.allSettled(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  expect(acknowledged.length).toBeGreaterThanOrEqual(ENOUGH);

  const again = await start();
  const { payload } = await invokeFunction(again.client, 'writer', { op: 'kv.list' });
  const kept = new Set((payload as { keys: readonly { key: string }[] }).keys.map(({ key }) => key));
  expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
  expect(kept.size).toBeLessThanOrEqual(acknowledged.length + WRITERS);
});
