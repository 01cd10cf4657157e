import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GetFunctionCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../runtime/contract/errors.ts';
import { exchange, type WireAnswer, type WireRequest } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { KEPT, malformedRequest } from './malformed-request.ts';
import { misSigned, signed } from './mis-signed.ts';

describe.each(['off', 'on'] as const)('with authentication %s, malformed requests', (auth) => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_AUTH: auth });
    await isola.create(KEPT, guest('echo'));
  });
  afterAll(() => isola.stop());

  it('are answered with an error of the catalogue and change nothing', async () => {
    const key = await isola.client.config.credentials();
    const before = await stateOf(isola);
    const wellSigned = malformedRequest.map(
      (request): Attempt => ({ make: () => signed(isola.url, request, key), statuses: [200, 204, 400, 404, 409, 412] }),
    );
    const badlySigned = misSigned(malformedRequest).map(
      (missign): Attempt => ({ make: () => missign(isola.url, key), statuses: [400, 403, 404] }),
    );
    await fc.assert(
      fc.asyncProperty(auth === 'off' ? wellSigned : fc.oneof(wellSigned, badlySigned), async (attempt) => {
        const request = await attempt.make();
        const answer = await exchange(isola.url, request);
        expect(attempt.statuses).toContain(answer.status);
        assertRefusedOrRead(request, answer);
      }),
      { numRuns: 1000 },
    );
    expect(await stateOf(isola)).toEqual(before);
    expect(await isola.invoke(KEPT, { still: 'here' })).toMatchObject({ error: undefined, payload: { still: 'here' } });
  });
});

interface Attempt {
  readonly make: () => Promise<WireRequest>;
  readonly statuses: readonly number[];
}

/** An error of the catalogue in JSON; only what reads, or what runs the function, may succeed. HEAD has no body. */
function assertRefusedOrRead({ method, path }: WireRequest, { status, headers, body }: WireAnswer): void {
  if (status === 204) {
    // To delete a version that is not there is no error.
    expect([method, path.includes('Qualifier=9')]).toEqual(['DELETE', true]);
    return;
  }
  expect(headers['content-type']).toBe('application/json');
  expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  if (status === 200) {
    expect(['GET', 'HEAD'].includes(method) || path.includes('/invocations')).toBe(true);
    return;
  }
  const entry = ERRORS[headers['x-amzn-errortype'] as keyof typeof ERRORS];
  expect(entry).toMatchObject({ status, fault: 'caller' });
  if (method !== 'HEAD') expect(JSON.parse(body.toString())[entry.messageKey]).toEqual(expect.any(String));
}

async function stateOf({ client, dataDir }: TestIsola): Promise<unknown> {
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: KEPT }));
  return { Functions, Configuration, blobs: readdirSync(join(dataDir, 'blobs'), { recursive: true }).sort() };
}
