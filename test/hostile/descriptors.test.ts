import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PublishVersionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { CAN_LIMIT, countDescriptors, limitProcess } from '../support/process-limits.ts';
import { startServer } from '../support/server-process.ts';
import { guest } from '../support/wat.ts';

/** What Linux allows unless told otherwise. */
const USUAL = 1_024;

describe.skipIf(!CAN_LIMIT)('a server without a descriptor left (skipped without prlimit)', () => {
  it('answers errors to what needs one, serves the rest, and everything again when there are some', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'isola-test-'));
    const server = await startServer({ ISOLA_DATA_DIR: dataDir });
    const client = createClient(server.url, server.credentialsFile);
    onTestFinished(async () => {
      client.destroy();
      await server.kill();
      rmSync(dataDir, { recursive: true });
    });
    await createFunction(client, 'warm', guest('echo'));
    await createFunction(client, 'cold', guest('context'));
    // As many connections as are used below are open then.
    await Promise.all(Array.from({ length: 4 }, () => invokeFunction(client, 'warm', 'before')));

    limitProcess(server.pid, 'nofile', countDescriptors(server.pid));
    const sockets: Socket[] = [];
    for (let turn = 0; turn < 50; turn++) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      sockets.push(socket);
      await once(
        socket.on('error', () => undefined),
        'connect',
      );
    }
    expect(await invokeFunction(client, 'warm', 'meanwhile')).toMatchObject({ payload: 'meanwhile' });
    const tried = await Promise.allSettled([
      invokeFunction(client, 'cold', 'meanwhile'),
      createFunction(client, 'new', guest('counter')),
      client.send(new PublishVersionCommand({ FunctionName: 'warm' })),
    ]);
    expect(tried.map(toEnd)).toEqual(['ServiceException 500', 'ServiceException 500', 'done']);
    expect(await invokeFunction(client, 'warm', 'still')).toMatchObject({ payload: 'still' });

    for (const socket of sockets) socket.destroy();
    limitProcess(server.pid, 'nofile', USUAL);
    expect(await invokeFunction(client, 'cold')).toMatchObject({ payload: { functionName: 'cold' } });
    await createFunction(client, 'new', guest('counter'));
    expect(await invokeFunction(client, 'new')).toMatchObject({ status: 200, error: undefined });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});

function toEnd(settled: PromiseSettledResult<unknown>): string {
  if (settled.status === 'fulfilled') return 'done';
  const { name, $metadata } = settled.reason as { name: string; $metadata?: { httpStatusCode?: number } };
  return `${name} ${$metadata?.httpStatusCode}`;
}
