import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exchange } from '../support/exchange.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';
import { type LiveIsola, startLiveIsola } from './live-isola.ts';
import { readVitals, type Vitals } from './vitals.ts';

/** Threads that are ended while they work; a longer run ends more. */
const DEATHS = Number(process.env.HOSTILE_DEATHS ?? 20);
const THREADS = 3;
const CLIENTS = 24;
const EVENTS = 200;

/** What one request was answered. */
interface Answered {
  readonly sent: unknown;
  readonly got: unknown;
}

describe('threads that die under load', () => {
  let isola: LiveIsola;
  let before: Vitals | undefined;
  let keys: string[];
  const answers: Answered[] = [];
  const acknowledged = new Set<string>();
  const accepted: string[] = [];

  const metric = async (pattern: string): Promise<number> => {
    const text = (await exchange(isola.url, { method: 'GET', path: '/metrics' })).body.toString();
    return [...text.matchAll(new RegExp(`^${pattern} (\\d+)$`, 'gm'))].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  };
  const die = async (count: number): Promise<void> => {
    process.kill(isola.process.pid, 'SIGUSR2');
    await vi.waitFor(async () => expect(await metric('isola_thread_deaths_total')).toBe(count), 60_000);
  };
  const failureOf = (error: Error): string => error.name;

  beforeAll(async () => {
    const NODE_OPTIONS = '--import=./dist/test/support/mortal-threads.js';
    isola = await startLiveIsola({ ISOLA_THREADS: String(THREADS), ISOLA_ASYNC_RETRY_DELAYS: '0.1,0.1', NODE_OPTIONS });
    const Role = await createRole(isola.process, 'writer', [{ Effect: 'Allow', Action: 'isola:*', Resource: '*' }]);
    await isola.create('witness', guest('witness'), { Timeout: 60 });
    await isola.create('writer', guest('caller'), { Role, Timeout: 60 });
    await Promise.all(Array.from({ length: 40 }, (_, index) => isola.invoke('witness', index)));
    await isola.invoke('writer', { op: 'kv.put', key: 'first' });
    before = readVitals(isola.process.pid);

    let over = false;
    const ask = async (client: number): Promise<void> => {
      for (let turn = 0; !over; turn++) {
        const sent = { client, turn, filler: 'x'.repeat(client * 100) };
        const got = await isola.invoke('witness', sent).then(({ payload }) => payload, failureOf);
        answers.push({ sent, got });
      }
    };
    const write = async (client: number): Promise<void> => {
      for (let turn = 0; !over; turn++) {
        const key = `${client}/${turn}`;
        const answer = await isola.invoke('writer', { op: 'kv.put', key }).catch(failureOf);
        if (typeof answer === 'object' && (answer.payload as { done?: boolean }).done) acknowledged.add(key);
        answers.push({ sent: 'write', got: typeof answer === 'string' ? answer : 'write' });
      }
    };
    const enqueue = async (): Promise<void> => {
      for (let index = 0; index < EVENTS; index++) {
        const key = `event/${index}`;
        const Payload = Buffer.from(JSON.stringify({ op: 'kv.put', key }));
        await isola.client.send(new InvokeCommand({ FunctionName: 'writer', InvocationType: 'Event', Payload }));
        accepted.push(key);
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, client) => (client % 4 === 0 ? write(client) : ask(client)));
    const events = enqueue();
    for (let count = 1; count <= DEATHS; count++) {
      const enough = answers.length + 20;
      await vi.waitFor(() => expect(answers.length).toBeGreaterThan(enough), 60_000);
      await die(count);
    }
    over = true;
    await Promise.all([...clients, events]);
    await vi.waitFor(async () => expect(await metric('isola_async_queued_events')).toBe(0), 60_000);
    keys = await keysOf(isola);
  }, 180_000);
  afterAll(() => isola.stop());

  it('answer every request once, and as it should be unless it died with them', () => {
    const wrong = answers.filter(
      ({ sent, got }) => got !== 'ServiceException' && JSON.stringify(got) !== JSON.stringify(sent),
    );
    expect(wrong).toEqual([]);
    expect(answers.length).toBeGreaterThan(DEATHS * 10);
  });

  it('take along no more than they had begun', async () => {
    const lost = await metric('isola_lost_invocations_total');
    const failed = answers.filter(({ got }) => got === 'ServiceException').length;
    expect(await metric('isola_errors_total\\{.*outcome="crashed"\\}')).toBe(lost);
    expect(failed).toBeLessThanOrEqual(lost);
    expect(lost).toBeLessThan(answers.length / 2);
  });

  it('lose no value that was said to be kept', () => {
    expect(acknowledged.size).toBeGreaterThan(0);
    expect([...acknowledged].filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('lose no event that was taken', () => {
    expect(accepted).toHaveLength(EVENTS);
    expect(accepted.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('are replaced, and leave nothing behind', async () => {
    const sent = Array.from({ length: 200 }, (_, index) => ({ index }));
    const after = await Promise.all(sent.map((event) => isola.invoke('witness', event)));
    expect(after.map(({ payload }) => payload)).toEqual(sent);
    expect(await metric('isola_live_threads')).toBeGreaterThanOrEqual(THREADS);
    if (!before) return;
    const { threads, descriptors } = before;
    await vi.waitFor(() => {
      const now = readVitals(isola.process.pid) as Vitals;
      expect(now.threads).toBeLessThanOrEqual(threads);
      expect(now.descriptors).toBeLessThanOrEqual(descriptors);
    }, 60_000);
  });
});

/** All keys that the function `writer` has kept. */
async function keysOf(isola: LiveIsola): Promise<string[]> {
  const keys: string[] = [];
  for (;;) {
    const { payload } = await isola.invoke('writer', { op: 'kv.list', after: keys.at(-1) ?? '' });
    const { keys: page } = payload as { readonly keys: readonly { readonly key: string }[] };
    if (page.length === 0) return keys;
    keys.push(...page.map(({ key }) => key));
  }
}
