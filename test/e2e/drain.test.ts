import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { guest } from '../support/wat.ts';

const dataDirectory = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'isola-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

async function serve(dataDir: string, env: Readonly<Record<string, string>> = {}) {
  const server = await startServer({ ISOLA_DATA_DIR: dataDir, ISOLA_LOG: 'text', ...env });
  onTestFinished(() => server.kill());
  const client = createClient(server.url, server.credentialsFile);
  onTestFinished(() => client.destroy());
  return { server, client };
}

/** Resolves when the server runs as many invocations as that, or more. */
const busy = (server: ServerProcess, running: number): Promise<void> =>
  expect.poll(() => measure(server, 'isola_concurrent_executions')).toBeGreaterThanOrEqual(running);

async function measure(server: ServerProcess, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length),
  );
}

/** Resolves when nobody is let in any more. */
const refusing = (server: ServerProcess): Promise<void> =>
  expect
    .poll(
      () =>
        fetch(`${server.url}/healthz`).then(
          ({ status }) => status,
          () => 'refused',
        ),
      { interval: 20 },
    )
    .toBe('refused');

describe('a server that is told to end', () => {
  it('answers what it has let in, takes nothing new, and ends in order', async () => {
    const { server, client } = await serve(dataDirectory());
    await createFunction(client, 'slow', guest('slow'), { Timeout: 10 });
    const answers = [invokeFunction(client, 'slow', 3), invokeFunction(client, 'slow', 3)];
    await busy(server, 2);
    void server.stop();
    expect(await Promise.all(answers)).toMatchObject([
      { status: 200, error: undefined, payload: 'late' },
      { status: 200, error: undefined, payload: 'late' },
    ]);
    expect(await server.ended).toBe(0);
    await expect(fetch(`${server.url}/readyz`)).rejects.toThrow();
  });

  it('refuses new connections while it finishes', async () => {
    const { server, client } = await serve(dataDirectory());
    await createFunction(client, 'slow', guest('slow'), { Timeout: 10 });
    const answer = invokeFunction(client, 'slow', 3);
    await busy(server, 1);
    void server.stop();
    await refusing(server);
    expect(await answer).toMatchObject({ payload: 'late' });
    expect(await server.ended).toBe(0);
  });

  it('gives up what does not end in the time it has, with an error', async () => {
    const { server, client } = await serve(dataDirectory(), { ISOLA_DRAIN: '1' });
    await createFunction(client, 'sleeper', guest('sleeper'), { Timeout: 60 });
    const answer = invokeFunction(client, 'sleeper', 0);
    await busy(server, 1);
    void server.stop();
    await expect(answer).rejects.toMatchObject({ name: 'ServiceException', $metadata: { httpStatusCode: 500 } });
    expect(await server.ended).toBe(0);
  });

  it('ends at once when it is told again', async () => {
    const { server, client } = await serve(dataDirectory());
    await createFunction(client, 'sleeper', guest('sleeper'), { Timeout: 60 });
    const answer = invokeFunction(client, 'sleeper', 0).catch(() => 'cut');
    await busy(server, 1);
    void server.stop();
    await refusing(server);
    await server.stop();
    expect(await server.ended).toBe(1);
    expect(await answer).toBe('cut');
  });

  it('keeps the events that it has taken for later', async () => {
    const dataDir = dataDirectory();
    const { server, client } = await serve(dataDir, { ISOLA_THREADS: '1', ISOLA_DRAIN: '1' });
    await createFunction(client, 'slow', guest('slow'), { Timeout: 10 });
    for (let event = 0; event < 5; event++) {
      const send = { FunctionName: 'slow', InvocationType: 'Event', Payload: Buffer.from('3') } as const;
      expect((await client.send(new InvokeCommand(send))).StatusCode).toBe(202);
    }
    await busy(server, 1);
    await server.stop();
    expect(await server.ended).toBe(0);
    const again = await serve(dataDir);
    await expect
      .poll(() => measure(again.server, 'isola_invocations_total{function_name="slow"}'))
      .toBeGreaterThanOrEqual(5);
  });
});
