import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { createFunction, invokeFunction } from '../support/isola.ts';
import { readKey } from '../support/query-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';
import { type Chain, createChains, FUNCTIONS, type Server } from './killed-updates.ts';

function connect({ url, credentialsFile }: ServerProcess): Server {
  const key = readKey(credentialsFile);
  const requestHandler = { httpAgent: new Agent({ keepAlive: true, maxSockets: 200 }) };
  const client = new LambdaClient({
    ...{ endpoint: url, region: 'us-east-1', maxAttempts: 1, credentials: key, requestHandler },
  });
  return { client, url, key };
}

/** Runs the chains beside each other; resolves when each has ended or broken off, with what of each was acknowledged. */
async function run(
  chains: readonly Chain[],
  server: Server,
  { acknowledged, wasKilled }: { readonly acknowledged: () => void; readonly wasKilled: () => boolean },
): Promise<readonly number[]> {
  return Promise.all(
    chains.map(async ({ length, update }) => {
      let last = 0;
      try {
        for (let n = 1; n <= length; n++) {
          await update(server, n);
          last = n;
          acknowledged();
        }
      } catch (error) {
        if (isRefusal(error) || !wasKilled()) throw error;
      }
      return last;
    }),
  );
}

/** An answer, not the end of the connection. */
function isRefusal(error: unknown): boolean {
  return (error as { $response?: { statusCode?: number } }).$response?.statusCode !== undefined;
}

describe('a server that is killed in the middle of a thousand updates of every kind', () => {
  it.each([150, 500, 850])(
    'has kept all that it acknowledged, and of the others all or nothing, after %i of them',
    { timeout: 120_000 },
    async (enough) => {
      const dataDir = mkdtempSync(join(tmpdir(), 'isola-killed-updates-'));
      const chains = createChains(guest('echo'), await zip({ 'a.txt': Buffer.from('a') }));
      const total = chains.reduce((sum, { length }) => sum + length, 0);
      expect(total).toBeGreaterThanOrEqual(1_000);
      const first = await startServer({ ISOLA_DATA_DIR: dataDir });
      const before = connect(first);
      for (let index = 0; index < FUNCTIONS; index++) await createFunction(before.client, `f${index}`, guest('echo'));
      let count = 0;
      let killing: Promise<void> | undefined;
      const acknowledged = await run(chains, before, {
        acknowledged: () => {
          count++;
          if (count === enough) killing = first.kill();
        },
        wasKilled: () => killing !== undefined,
      });
      await killing;
      before.client.destroy();
      expect(count).toBeGreaterThanOrEqual(enough);
      expect(count).toBeLessThan(total);

      const second = await startServer({ ISOLA_DATA_DIR: dataDir });
      try {
        const after = connect(second);
        const found = await Promise.all(chains.map(({ read }) => read(after)));
        const wrong = chains.flatMap((_, index) => {
          const [there, last] = [found[index], acknowledged[index] as number];
          return there === last || there === last + 1 ? [] : [{ chain: index, there, last }];
        });
        expect(wrong).toEqual([]);
        expect(found.every((there, index) => there! <= chains[index]!.length)).toBe(true);
        expect((await invokeFunction(after.client, 'f1', { n: 1 })).payload).toEqual({ n: 1 });
        after.client.destroy();
      } finally {
        await second.kill();
        rmSync(dataDir, { recursive: true });
      }
    },
  );
});
