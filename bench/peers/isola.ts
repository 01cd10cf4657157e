import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { toDistinctModule } from '../guests.ts';
import { HttpClient } from '../http-client.ts';
import { deploy, invocationsPath, invoke } from '../lambda-calls.ts';
import { ISOLA, isolaEnv, type ServerProcess, startServer } from '../server-process.ts';
import type { Subject } from '../subject.ts';
import type { Site } from './peer.ts';

const DIFFERS = 'fuel, memory limit and timeout on; cold is the first call of a function after its deployment';

/** Isola as it is served, with as many functions not called yet as there will be cold calls; and what it answers to the event. */
export async function openIsola(
  subject: Subject,
  scratch: string,
  { coldCalls = 0, profile }: { readonly coldCalls?: number; readonly profile?: string | undefined } = {},
): Promise<Site & { readonly answer: () => Promise<string> }> {
  const server = await startServer(ISOLA, isolaEnv(join(scratch, 'isola')), { profile });
  const client = new HttpClient(server.url);
  const { event, module } = subject;
  await deployBoth(client, subject);
  for (let index = 0; index < coldCalls; index++) {
    await deploy(client, `cold-${index}`, { ...subject, module: toDistinctModule(module, index) });
  }
  let next = 0;
  return {
    ...toSite(server),
    answer: async () => (await invoke(client, 'fresh', event)).body,
    cold: () => invoke(client, `cold-${next++}`, event),
    async close() {
      client.close();
      await server.stop();
    },
  };
}

/** The same functions in an Isola of other settings, which it has only once they are deployed. */
export async function openIsolaAgain(
  subject: Subject,
  scratch: string,
  settings: Readonly<Record<string, string>>,
): Promise<Site> {
  const env = isolaEnv(mkdtempSync(join(scratch, 'isola-')));
  const before = await startServer(ISOLA, env);
  const client = new HttpClient(before.url);
  await deployBoth(client, subject);
  client.close();
  await before.stop();
  return toSite(await startServer(ISOLA, { ...env, ...settings }));
}

async function deployBoth(client: HttpClient, subject: Subject): Promise<void> {
  await deploy(client, 'fresh', subject);
  await deploy(client, 'warm', subject, { ISOLA_ISOLATION: 'environment' });
}

function toSite({ url, pid, stop }: ServerProcess): Site {
  const paths = { fresh: invocationsPath('fresh'), warm: invocationsPath('warm') };
  return { name: 'isola', differs: DIFFERS, url, pid, ...paths, close: stop };
}
