import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { SqliteEventQueue } from '../../runtime/store/sqlite/sqlite-event-queue.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { AsyncInvocations } from '../../runtime/triggers/async-invocations.ts';

// Prints the id of every event that runs, and of every event that is accepted. Accepts events until somebody kills it, and
// has no room for every other function; with `finish` it runs what is left and ends.
const [directory = '', mode = ''] = process.argv.slice(2);
const ENDED = { report: { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 }, log: '' };
const REFUSED: Outcome = { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 };
const say = (what: string, id: string): void => void writeSync(1, `${what} ${id}\n`);

const queue = new AsyncInvocations({
  store: new SqliteEventQueue(openStorage(join(directory, 'isola.db'))),
  targets: {
    ready: () => undefined,
    resolve: (_scope, name) => ({ name }) as FunctionVersion,
    handling: () => ({ maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, reserved: undefined }),
  },
  invoke: async ({ requestId, target }): Promise<Outcome> => {
    if (target.name === 'held' && mode !== 'finish') return REFUSED;
    say('ran', requestId);
    await setImmediate();
    if (requestId < '4') return { kind: 'function-error', error: { errorType: 'E', errorMessage: 'm' }, ...ENDED };
    return { kind: 'succeeded', payload: new Uint8Array(), ...ENDED };
  },
  finished: async () => undefined,
  observer: silentObserver,
  clock: Date.now,
  mostEvents: 100_000,
  retryDelaysMs: [1, 1],
});

async function accept(): Promise<void> {
  const requestId = randomUUID();
  const scope = { region: 'us-east-1', accountId: '000000000000' };
  const functionName = requestId < '8' ? 'f' : 'held';
  const event = { requestId, scope, functionName, event: Buffer.from('{}'), traceId: 'Root=1-0-0' };
  await queue.enqueue({ ...event, receivedAt: Date.now() });
  say('accepted', requestId);
}

await queue.open();
while (mode !== 'finish') await Promise.all(Array.from({ length: 10 }, accept));
while (queue.size > 0) await setImmediate();
await queue.close();
