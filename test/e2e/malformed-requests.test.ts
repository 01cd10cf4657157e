import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionUrlConfigCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../runtime/contract/errors.ts';
import { readDataState } from '../support/data-state.ts';
import { exchange, type WireAnswer, type WireRequest } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';
import { malformedQuery } from './malformed-query.ts';
import { KEPT, malformedRequest } from './malformed-request.ts';
import { misSigned, signed } from './mis-signed.ts';

/** Ten thousand in all; `MALFORMED_SEED=...` draws others. */
const RUNS = Number(process.env.MALFORMED_RUNS ?? 5_000);
const SEED = Number(process.env.MALFORMED_SEED ?? 1);

describe.each(['off', 'on'] as const)('with authentication %s, malformed requests', (auth) => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_AUTH: auth });
    await isola.create(KEPT, guest('echo'));
    await furnish(isola);
  });
  afterAll(() => isola.stop());

  it('are answered with an error of the catalogue and change nothing', { timeout: 300_000 }, async () => {
    const key = await isola.client.config.credentials();
    const before = readDataState(isola.dataDir);
    const requests = { lambda: malformedRequest, iam: malformedQuery } as const;
    const attempts = (['lambda', 'iam'] as const).flatMap((service): fc.Arbitrary<Attempt>[] => {
      const wellSigned = requests[service].map(
        (request): Attempt => ({
          make: () => signed(isola.url, request, key, { service: isSts(request) ? 'sts' : service }),
          statuses: [200, 204, 400, 404, 409, 412, 415],
        }),
      );
      const badlySigned = misSigned(requests[service], service).map(
        (missign): Attempt => ({
          make: () => missign(isola.url, key),
          statuses: [400, 403, 404],
        }),
      );
      return auth === 'off' ? [wellSigned] : [wellSigned, badlySigned];
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(...attempts), async ({ make, statuses }) => {
        const request = await make();
        const answer = await exchange(isola.url, request);
        try {
          expect(statuses).toContain(answer.status);
          (isQuery(request) ? assertQueryRefused : assertRefusedOrRead)(request, answer);
        } catch (cause) {
          throw new Error(toSentence(request, answer), { cause });
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(readDataState(isola.dataDir)).toEqual(before);
    expect(await isola.invoke(KEPT, { still: 'here' })).toMatchObject({ error: undefined, payload: { still: 'here' } });
  });
});

interface Attempt {
  readonly make: () => Promise<WireRequest>;
  readonly statuses: readonly number[];
}

/** One of each thing that a request could change. */
async function furnish({ client }: TestIsola): Promise<void> {
  const kept = { FunctionName: KEPT };
  await client.send(new PublishVersionCommand(kept));
  await client.send(new CreateAliasCommand({ ...kept, Name: 'live', FunctionVersion: '1' }));
  await client.send(new CreateFunctionUrlConfigCommand({ ...kept, AuthType: 'NONE' }));
  const grant = { StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' };
  await client.send(new AddPermissionCommand({ ...kept, ...grant }));
  await client.send(new PutFunctionConcurrencyCommand({ ...kept, ReservedConcurrentExecutions: 5 }));
  await client.send(new PutFunctionEventInvokeConfigCommand({ ...kept, MaximumRetryAttempts: 0 }));
  const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:q';
  await client.send(new CreateEventSourceMappingCommand({ ...kept, EventSourceArn, Enabled: false }));
  const ZipFile = await zip({ 'a.txt': Buffer.from('a') });
  await client.send(new PublishLayerVersionCommand({ LayerName: 'kept', Content: { ZipFile } }));
}

function toSentence(request: WireRequest, { status, headers, body }: WireAnswer): string {
  const sent = {
    ...request,
    body: Buffer.from(request.body ?? '')
      .toString('latin1')
      .slice(0, 1_000),
  };
  return `${JSON.stringify(sent)} was answered ${status} ${JSON.stringify(headers)} ${body.toString().slice(0, 1_000)}`;
}

/** Of services that answer in XML; a signature spoilt by another path or method is not. */
const isQuery = ({ method, path, headers }: WireRequest): boolean =>
  method === 'POST' && /^\/(?:\?|$)/.test(path) && /form-urlencoded/.test(headers?.['content-type'] ?? '');
const isSts = ({ body }: WireRequest): boolean => String(body).includes('Version=2011-06-15');

/** An error of the catalogue in JSON; only what reads, or what runs the function, may succeed. HEAD has no body. */
function assertRefusedOrRead({ method, path }: WireRequest, { status, headers, body }: WireAnswer): void {
  if (status === 204) {
    // To delete what is not there is no error, for some things.
    expect(method).toBe('DELETE');
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

/** The Query protocol's error in XML; only what reads may succeed. */
function assertQueryRefused({ body: form }: WireRequest, { status, headers, body }: WireAnswer): void {
  const text = body.toString();
  if (status === 200) {
    expect(new URLSearchParams(String(form)).get('Action')).toMatch(/^(Get|List)/);
    return;
  }
  expect(headers['content-type']).toMatch(/^text\/xml/);
  expect([400, 403, 404, 409]).toContain(status);
  expect(text).toMatch(/<Error><Type>Sender<\/Type><Code>\w+<\/Code><Message>[^<]+<\/Message><\/Error>/);
}
