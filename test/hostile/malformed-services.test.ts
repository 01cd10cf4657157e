import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeptServices, startKeptServices } from './kept-services.ts';
import { type Malformed, malformedOf } from './malformed-service-request.ts';
import { expectRefusal } from './service-errors.ts';
import { requestsAbout } from './service-requests.ts';

/** `MALFORMED_SEED=... MALFORMED_RUNS=...` draws others, or more. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 1_000);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);
/** So many requests are answered before it is looked whether they changed anything. */
const EVERY = 250;
/** A main thread that computes for so long while somebody waits is held up: wide, for machines that are slow. */
const HELD_UP_MS = 3_000;

describe('malformed requests to all services', () => {
  let kept: KeptServices;
  beforeAll(async () => {
    kept = await startKeptServices();
  });
  afterAll(() => kept.stop());

  it('are refused in the words of their protocol, change nothing, and hold up nobody', async () => {
    const before = await kept.state();
    const recent: Malformed[] = [];
    const assertUnchanged = async (): Promise<void> => {
      const shown = recent.map(({ wire }) => `${wire.method} ${wire.path} ${String(wire.body).slice(0, 200)}`);
      expect(await kept.state(), shown.join('\n')).toEqual(before);
      recent.length = 0;
    };
    await fc.assert(
      fc.asyncProperty(malformedOf(requestsAbout(kept.api)), async (malformed) => {
        expectRefusal(malformed, await kept.send(malformed));
        recent.push(malformed);
        if (recent.length === EVERY) await assertUnchanged();
      }),
      { numRuns: RUNS, seed: SEED },
    );
    await assertUnchanged();
    expect(kept.longestHold()).toBeLessThan(HELD_UP_MS);
    expect(kept.isola.process.output()).not.toContain('"level":"error"');
  }, 1e9);

  it('are made of requests that are done', async () => {
    for (const request of requestsAbout(kept.api)) {
      const { status, body } = await kept.ask(request);
      expect([200, 201, 204], `${request.service} ${request.operation} ${status} ${body}`).toContain(status);
    }
  });
});
