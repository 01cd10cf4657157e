import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { createFunction, invokeFunction, openUrl, type TestIsola } from '../support/isola.ts';
import { readKey } from '../support/query-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

/** An Isola in a process of its own. */
export interface LiveIsola extends Omit<TestIsola, 'running'> {
  readonly process: ServerProcess;
}

/** Its client uses a new connection for each request, so that what it holds open is what others do. */
export async function startLiveIsola(env: Readonly<Record<string, string>> = {}): Promise<LiveIsola> {
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-test-'));
  const server = await startServer({ ISOLA_LOG: 'json', ISOLA_DATA_DIR: dataDir, ...env });
  const { url, credentialsFile } = server;
  const client = new LambdaClient({
    ...{ endpoint: url, region: 'us-east-1', maxAttempts: 1, credentials: readKey(credentialsFile) },
    requestHandler: { httpAgent: { keepAlive: false, maxSockets: 10_000 } },
  });
  return {
    ...{ process: server, url, dataDir, client },
    create: (name, code, settings) => createFunction(client, name, code, settings),
    openUrl: (name, alias) => openUrl(client, name, alias),
    invoke: (name, event) => invokeFunction(client, name, event),
    async stop() {
      client.destroy();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
