import { join } from 'node:path';
import { toDistinctModule } from '../guests.ts';
import { HttpClient } from '../http-client.ts';
import { deploy, invoke } from '../lambda-calls.ts';
import { ISOLA, isolaEnv, startServer } from '../server-process.ts';
import type { Subject } from '../subject.ts';
import type { Site } from './peer.ts';

/** Isola as it is served, with as many functions not called yet as there will be cold calls. */
export async function openIsola(subject: Subject, scratch: string, coldCalls: number): Promise<Site> {
  const server = await startServer(ISOLA, isolaEnv(join(scratch, 'isola')));
  const client = new HttpClient(server.url);
  const { event, module } = subject;
  await deploy(client, 'fresh', subject);
  await deploy(client, 'warm', subject, { ISOLA_ISOLATION: 'environment' });
  for (let index = 0; index < coldCalls; index++) {
    await deploy(client, `cold-${index}`, { ...subject, module: toDistinctModule(module, index) });
  }
  let next = 0;
  return {
    name: 'isola',
    differs: 'fuel, memory limit and timeout on; cold is the first call of a function after its deployment',
    cold: () => invoke(client, `cold-${next++}`, event),
    fresh: () => invoke(client, 'fresh', event),
    warm: () => invoke(client, 'warm', event),
    async close() {
      client.close();
      await server.stop();
    },
  };
}
