import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Answer, startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

/** A live Isola with a well-behaved function, `neighbour`, beside whatever a test deploys. */
export interface HostileIsola {
  readonly isola: TestIsola;
  /** Deploys a fixture, with a second to run unless the settings say otherwise. */
  deploy(fixture: string, settings?: Partial<CreateFunctionCommandInput>): Promise<void>;
  invoke(name: string, event?: unknown): Promise<Answer>;
  /** The neighbour answers, no thread has died, nothing crashed, and the process has not grown past what garbage can be. */
  assertUnharmed(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * What contained guests leave is garbage that waits for its thread's next collection: up to their 128 MB of memory and as much
 * again of tables or objects, in each of two threads, and what compilers and allocators keep for the next time. It reaches 200
 * to 400 MB on two cores, more on more, and does not rise when all is repeated. One whose memory stayed would be past this:
 * those that touch what they get are invoked fifteen times or sixteen, with 94 to 128 MB each.
 */
const GROWTH_BYTES = 1024 * 1024 * 1024;

export async function startHostileIsola(env: Readonly<Record<string, string>> = {}): Promise<HostileIsola> {
  const isola = await startTestIsola({ ISOLA_THREADS: '2', ...env });
  await isola.create('neighbour', guest('echo'));
  await isola.invoke('neighbour');
  const before = process.memoryUsage.rss();
  return {
    isola,
    deploy: (fixture, settings = {}) => isola.create(fixture, guest(fixture), { Timeout: 1, ...settings }),
    invoke: isola.invoke,
    async assertUnharmed() {
      const events = Array.from({ length: 8 }, (_, index) => ({ index }));
      const answers = await Promise.all(events.map((event) => isola.invoke('neighbour', event)));
      expect(answers.map(({ payload }) => payload)).toEqual(events);
      const metrics = await (await fetch(`${isola.url}/metrics`)).text();
      // More while some stand in for those that wait.
      expect(Number(/^isola_live_threads (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(2);
      expect(metrics).not.toMatch(/^isola_thread_deaths_total [^0]/m);
      expect(metrics).not.toMatch(/^isola_errors_total\{.*outcome="crashed"/m);
      expect(process.memoryUsage.rss() - before).toBeLessThan(GROWTH_BYTES);
    },
    stop: isola.stop,
  };
}

/** The guest's time in milliseconds, as its REPORT line says it. */
export function durationOf({ log }: Answer): number {
  return Number(/\tDuration: ([\d.]+) ms/.exec(log)?.[1]);
}

/** An answer that tells of a timeout, its end within fifty milliseconds of the deadline in the best of three attempts. */
export async function expectTimeout(attempt: () => Promise<Answer>, timeoutMs = 1_000): Promise<void> {
  const answers = [await attempt()];
  while (answers.length < 3 && Math.min(...answers.map(durationOf)) > timeoutMs + 50) answers.push(await attempt());
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
