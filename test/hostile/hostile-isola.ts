import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { expect, vi } from 'vitest';
import { exchange } from '../support/exchange.ts';
import type { Answer } from '../support/isola.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';
import { type LiveIsola, startLiveIsola } from './live-isola.ts';
import { readVitals } from './vitals.ts';

/**
 * A live Isola with two well-behaved functions beside whatever a test deploys: `neighbour` returns its event if its memory is
 * as it left it when it started, and `keeper` reads what it has kept.
 */
export interface HostileIsola {
  readonly isola: LiveIsola;
  /** Deploys a fixture, with a second to run unless the settings say otherwise. */
  deploy(fixture: string, settings?: Partial<CreateFunctionCommandInput>): Promise<void>;
  /** The same as `brief-` and the fixture's name, with a second to end in. */
  deployBrief(fixture: string): Promise<void>;
  invoke(name: string, event?: unknown): Promise<Answer>;
  /**
   * The neighbours answer byte for byte what they should, as do health and readiness; no thread has died, nothing crashed, the
   * platform has no error to tell of, and the process has not grown past what garbage can be.
   */
  assertUnharmed(): Promise<void>;
  /** Unharmed, and nothing runs any more, waits, or is connected. */
  assertQuiet(): Promise<void>;
  /** Quiet, with as many threads and descriptors as in the beginning; then it ends in order. */
  stop(): Promise<void>;
}

/**
 * What contained guests leave is garbage that waits for its thread's next collection: up to their 128 MB of memory and as much
 * again of tables or objects, in each of two threads, and what compilers and allocators keep for the next time. It reaches 200
 * to 400 MB on two cores, more on more, and does not rise when all is repeated. One whose memory stayed would be past this:
 * those that touch what they get are invoked fifteen times or sixteen, with 94 to 128 MB each.
 */
const GROWTH_BYTES = 1024 * 1024 * 1024;

/** Stand-in threads stay for ten seconds, and a slow machine takes its time. */
const PATIENCE = { timeout: 60_000, interval: 50 };
const settled = (read: () => Promise<number> | number, most: number): Promise<void> =>
  vi.waitFor(async () => expect(await read()).toBeLessThanOrEqual(most), PATIENCE);
const KEPT = { op: 'kv.get', key: 'kept', padding: 'x'.repeat(100) };

export interface HostileOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** How much the process may grow, in bytes. */
  readonly growthBytes?: number;
}

export async function startHostileIsola({
  env = {},
  growthBytes = GROWTH_BYTES,
}: HostileOptions = {}): Promise<HostileIsola> {
  const threads = Number(env.ISOLA_THREADS ?? 2);
  const isola = await startLiveIsola({ ...env, ISOLA_THREADS: String(threads) });
  const { url, process: server } = isola;
  const vitals = () => readVitals(server.pid);
  const bodyOf = async (path: string): Promise<string> =>
    (await exchange(url, { method: 'GET', path })).body.toString();
  const gauge = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await bodyOf('/metrics'))?.[1]);

  const Role = await createRole(server, 'keeper', [{ Effect: 'Allow', Action: 'isola:Kv*', Resource: '*' }]);
  await isola.create('neighbour', guest('witness'), { Timeout: 60 });
  await isola.create('keeper', guest('caller'), { Role, Timeout: 60 });
  await isola.invoke('keeper', { ...KEPT, op: 'kv.put' });
  const kept = (await isola.invoke('keeper', KEPT)).payload;
  expect(kept).toContain(KEPT.padding);

  const assertNeighbours = async (): Promise<void> => {
    const events = Array.from({ length: 8 }, (_, index) => ({ index }));
    const answers = await Promise.all(events.map((event) => isola.invoke('neighbour', event)));
    expect(answers.map(({ payload }) => payload)).toEqual(events);
    expect((await isola.invoke('keeper', KEPT)).payload).toEqual(kept);
    expect(await bodyOf('/healthz')).toBe('{"status":"ok"}');
    expect(await bodyOf('/readyz')).toBe('{"status":"ready"}');
  };
  await Promise.all(Array.from({ length: 40 }, () => isola.invoke('neighbour')));
  await assertNeighbours();
  const before = vitals();

  const assertUnharmed = async (): Promise<void> => {
    await assertNeighbours();
    const metrics = await bodyOf('/metrics');
    // More while some stand in for those that wait.
    expect(Number(/^isola_live_threads (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(threads);
    expect(metrics).not.toMatch(/^isola_thread_deaths_total [^0]/m);
    expect(metrics).not.toMatch(/^isola_errors_total\{.*outcome="crashed"/m);
    expect(server.output()).not.toContain('"level":"error"');
    if (!before) return;
    const grown = async (): Promise<number> => {
      await isola.invoke('neighbour');
      return (vitals()?.residentBytes ?? 0) - before.residentBytes;
    };
    await settled(grown, growthBytes);
  };
  const assertQuiet = async (): Promise<void> => {
    await settled(() => gauge('isola_concurrent_executions'), 0);
    await settled(() => gauge('isola_queued_invocations'), 0);
    if (before) await settled(() => vitals()?.sockets ?? 0, before.sockets);
    await assertUnharmed();
  };
  return {
    ...{ isola, assertUnharmed, assertQuiet },
    deploy: (fixture, settings = {}) => isola.create(fixture, guest(fixture), { Timeout: 60, ...settings }),
    deployBrief: (fixture) => isola.create(`brief-${fixture}`, guest(fixture), { Timeout: 1 }),
    invoke: isola.invoke,
    async stop() {
      try {
        await assertQuiet();
        if (before) {
          await settled(() => vitals()?.threads ?? 0, before.threads);
          await settled(() => vitals()?.descriptors ?? 0, before.descriptors);
        }
      } finally {
        await isola.stop();
      }
      expect(await server.ended).toBe(0);
    },
  };
}

/** The guest's time in milliseconds, as its REPORT line says it. */
function durationOf({ log }: Answer): number {
  return Number(/\tDuration: ([\d.]+) ms/.exec(log)?.[1]);
}

/** An answer that tells of a timeout, its end within fifty milliseconds of the deadline in the best of ten attempts. */
export async function expectTimeout(attempt: () => Promise<Answer>, timeoutMs = 1_000): Promise<void> {
  const answers = [await attempt()];
  while (answers.length < 10 && Math.min(...answers.map(durationOf)) > timeoutMs + 50) answers.push(await attempt());
  for (const { error, payload } of answers) {
    expect({ error, payload }).toMatchObject({ error: 'Unhandled', payload: { errorType: 'Sandbox.Timedout' } });
  }
  const best = Math.min(...answers.map(durationOf));
  expect(best).toBeGreaterThanOrEqual(timeoutMs);
  expect(best).toBeLessThanOrEqual(timeoutMs + 50);
}

/** Matches an answer that is the function's own error of this type. */
export const ownError = (errorType: string, errorMessage: unknown = expect.any(String)): object => ({
  status: 200,
  error: 'Unhandled',
  payload: { errorType, errorMessage },
});

export const exitedBy = (how: string): object => ownError('Runtime.ExitError', expect.stringContaining(how));
