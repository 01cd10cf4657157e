import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startIsola } from '../../runtime/main.ts';
import { createFunction, invokeFunction } from '../support/isola.ts';
import { childrenOf, startTestProcesses, type TestProcesses } from '../support/processes.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';

const CALLERS = 8;
/** Hundreds of signed calls, on machines that have other things to do. */
const PATIENCE_MS = 90_000;

describe('one of several processes that is killed', () => {
  let isola: TestProcesses;
  let writer: LambdaClient;
  beforeEach(async () => {
    isola = await startTestProcesses({ ISOLA_ASYNC_RETRY_DELAYS: '0.05,0.1' });
    writer = isola.client();
    await createFunction(writer, 'echo', guest('echo'));
  });
  afterEach(() => isola.stop());

  const isBack = (role: 'keeper' | 'front', killed: number) =>
    expect.poll(() => isola.pids(role).filter((pid) => pid !== killed).length).toBe(1);
  const isReady = () =>
    expect
      .poll(async () => (await fetch(`${isola.server.url}/readyz`, { headers: { connection: 'close' } })).status, {
        timeout: 10_000,
      })
      .toBe(200);

  /** Clients that call until `enough` of their calls were answered after `happened`; counts the calls that failed. */
  async function load(enough: number, happen: () => void): Promise<{ failed: number; answered: number }> {
    const counts = { failed: 0, answered: 0 };
    const end = 2 * enough;
    const call = async (): Promise<void> => {
      const client = isola.client();
      while (counts.answered < end) {
        try {
          await invokeFunction(client, 'echo', counts.answered);
          if (++counts.answered === enough) happen();
        } catch {
          counts.failed++;
        }
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, call));
    return counts;
  }

  it(
    'as a front loses what is on its connections, and comes back',
    async () => {
      const [front] = isola.pids('front') as [number];
      const { failed } = await load(200, () => process.kill(front, 'SIGKILL'));
      expect(failed).toBeLessThanOrEqual(CALLERS);
      await isBack('front', front);
      await load(50, () => undefined);
      expect(isola.server.output()).toContain('The front has died (SIGKILL) and is started again.');
    },
    PATIENCE_MS,
  );

  it(
    'as the keeper leaves calls of known functions alone, and nothing else waits for long',
    async () => {
      const [keeper] = isola.pids('keeper') as [number];
      const { failed } = await load(200, () => process.kill(keeper, 'SIGKILL'));
      expect(failed).toBeLessThanOrEqual(2 * CALLERS);
      await isReady();
      await createFunction(writer, 'later', guest('counter')).catch(() =>
        createFunction(writer, 'later', guest('counter')),
      );
      for (let turn = 0; turn < 4; turn++) expect((await invokeFunction(isola.client(), 'later')).payload).toBe(1);
    },
    PATIENCE_MS,
  );

  it(
    'as the keeper loses no value and no event that was acknowledged',
    async () => {
      const statement = { Effect: 'Allow', Action: 'isola:Kv*', Resource: '*' };
      const Role = await createRole(isola.server, 'writer', [statement]);
      await createFunction(writer, 'writer', guest('caller'), { Role });
      const [keeper] = isola.pids('keeper') as [number];
      const put: string[] = [];
      const later: string[] = [];
      let kills = 0;
      const write = async (caller: number): Promise<void> => {
        const client = isola.client();
        for (let turn = 0; put.length < 200; turn++) {
          const now = `now/${caller}/${turn}`;
          const then = `then/${caller}/${turn}`;
          const Payload = Buffer.from(JSON.stringify({ op: 'kv.put', key: then }));
          const event = { FunctionName: 'writer', InvocationType: 'Event', Payload } as const;
          const done = await invokeFunction(client, 'writer', { op: 'kv.put', key: now }).catch(() => undefined);
          if ((done?.payload as { done?: boolean } | undefined)?.done) put.push(now);
          if (put.length >= 60 && kills++ === 0) process.kill(keeper, 'SIGKILL');
          const taken = await client.send(new InvokeCommand(event)).catch(() => undefined);
          if (taken?.StatusCode === 202) later.push(then);
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, (_, caller) => write(caller)));
      await isBack('keeper', keeper);
      await isReady();
      const missing = async (): Promise<readonly string[]> => {
        const kept = new Set<string>();
        for (let cursor: unknown; ; ) {
          const { payload } = await invokeFunction(isola.client(), 'writer', {
            op: 'kv.list',
            ...(cursor ? { cursor } : {}),
          });
          const page = payload as { keys: readonly { key: string }[]; cursor?: string };
          for (const { key } of page.keys) kept.add(key);
          cursor = page.cursor;
          if (!cursor) return [...put, ...later].filter((key) => !kept.has(key));
        }
      };
      expect(later.length).toBeGreaterThan(0);
      await expect.poll(missing).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe('several processes that are stopped', () => {
  it('finish what they had let in', async () => {
    const isola = await startTestProcesses();
    await createFunction(isola.client(), 'slow', guest('sleeper'), { Timeout: 2 });
    const calls = Array.from({ length: 4 }, () => invokeFunction(isola.client(), 'slow'));
    const running = async () =>
      /^isola_concurrent_executions (\d+)$/m.exec(await (await fetch(`${isola.server.url}/metrics`)).text())?.[1];
    await expect.poll(running).toBe('4');
    const children = childrenOf(isola.server.pid);
    await isola.server.stop();
    for (const { error } of await Promise.all(calls)) expect(error).toBe('Unhandled');
    expect(await isola.server.ended).toBe(0);
    expect(children).toHaveLength(2);
    for (const [pid] of children) expect(isAlive(pid)).toBe(false);
    await isola.stop();
  });

  it('end while one of them is being started again', async () => {
    const isola = await startTestProcesses();
    process.kill(isola.pids('keeper')[0] as number, 'SIGKILL');
    await expect.poll(() => isola.server.output(), { interval: 1 }).toContain('The keeper has died');
    await isola.stop();
    expect(await isola.server.ended).toBe(0);
  });

  it('end with their supervisor, however that ends', async () => {
    const isola = await startTestProcesses();
    const children = childrenOf(isola.server.pid);
    expect(children).toHaveLength(2);
    await isola.server.kill();
    const alive = () => children.filter(([pid]) => isAlive(pid));
    await expect.poll(alive).toEqual([]);
    await isola.stop();
  });

  it('say that a port is taken as one process does', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const dataDir = `isola-never-${process.pid}`;
    const env = { ISOLA_PROCESSES: '2', ISOLA_PORT: String(port), ISOLA_DATA_DIR: dataDir, ISOLA_LOG: 'off' };
    await expect(startIsola(env)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
