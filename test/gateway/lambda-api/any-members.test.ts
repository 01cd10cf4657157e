import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS, LambdaError } from '../../../runtime/contract/errors.ts';
import { eventSourceOperations } from '../../../runtime/gateway/lambda-api/event-source-mappings.ts';
import { policyOperations } from '../../../runtime/gateway/lambda-api/policies.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from '../../registry/fixture.ts';
import { createCaller } from './fixture.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const GRANT = {
  ...{ StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
  ...{ SourceArn: 'arn:aws:s3:::photos', SourceAccount: '000000000000', EventSourceToken: 'token' },
  ...{
    FunctionUrlAuthType: undefined,
    InvokedViaFunctionUrl: true,
    PrincipalOrgID: 'o-abcdefghij',
    RevisionId: undefined,
  },
};
const MAPPING = {
  ...{ FunctionName: 'f', EventSourceArn: QUEUE, Enabled: true, BatchSize: 10, MaximumBatchingWindowInSeconds: 1 },
  ...{ FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] }, KMSKeyArn: 'k', Tags: { a: 'b' } },
  ...{ ScalingConfig: { MaximumConcurrency: 2 }, ProvisionedPollerConfig: { MinimumPollers: 1 } },
  ...{ MetricsConfig: { Metrics: ['EventCount'] }, FunctionResponseTypes: ['ReportBatchItemFailures'] },
  ...{ StartingPosition: undefined, StartingPositionTimestamp: undefined, ParallelizationFactor: undefined },
  ...{ DestinationConfig: undefined, MaximumRecordAgeInSeconds: undefined, MaximumRetryAttempts: undefined },
  ...{ BisectBatchOnFunctionError: undefined, TumblingWindowInSeconds: undefined, LoggingConfig: undefined },
  ...{ Topics: undefined, Queues: undefined, SourceAccessConfigurations: undefined, SelfManagedEventSource: undefined },
  ...{ AmazonManagedKafkaEventSourceConfig: undefined, SelfManagedKafkaEventSourceConfig: undefined },
  DocumentDBEventSourceConfig: undefined,
};

/** Some member of `whole`, at the top or one level down, is any JSON value instead of what it should be. */
function damaged(whole: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const paths = Object.entries(whole).flatMap(([name, value]) => [
    [name],
    ...(typeof value === 'object' && value !== null ? Object.keys(value).map((inner) => [name, inner]) : []),
  ]);
  return fc.tuple(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 })).map(([[name = '', inner], value]) => {
    if (inner === undefined) return { ...whole, [name]: value };
    return { ...whole, [name]: { ...(whole[name] as object), [inner]: value } };
  });
}

describe('whatever a member is', () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  beforeAll(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    call = createCaller([...policyOperations(bench.registry), ...eventSourceOperations(bench.registry)]);
  });
  afterAll(() => bench.dispose());

  /** Answers what a call brought about, or the error that the caller is to blame for; anything else is our bug. */
  async function attempt(name: string, params: Record<string, string>, body: unknown): Promise<'done' | 'refused'> {
    try {
      await call(name, { params, body });
      return 'done';
    } catch (error) {
      if (!(error instanceof LambdaError)) throw error;
      expect(ERRORS[error.code].fault).toBe('caller');
      return 'refused';
    }
  }

  it('AddPermission adds a statement that can be shown and taken back, or refuses and changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(GRANT), async (body) => {
        const { StatementId } = body as { StatementId: string };
        const outcome = await attempt('AddPermission', { FunctionName: 'f' }, body);
        const shown = call('GetPolicy', { params: { FunctionName: 'f' } });
        if (outcome === 'refused') {
          await expect(shown).rejects.toThrow('The resource you requested does not exist.');
          return;
        }
        const { Policy } = (await shown).body as { Policy: string };
        expect(JSON.parse(Policy).Statement).toHaveLength(1);
        await call('RemovePermission', { params: { FunctionName: 'f', StatementId } });
      }),
      { numRuns: 300 },
    );
  });

  it('CreateEventSourceMapping makes a mapping that is shown as it was answered, or refuses and makes none', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(MAPPING), async (body) => {
        const outcome = await attempt('CreateEventSourceMapping', {}, body);
        const listed = (await call('ListEventSourceMappings')).body as { EventSourceMappings: { UUID: string }[] };
        expect(listed.EventSourceMappings).toHaveLength(outcome === 'done' ? 1 : 0);
        for (const { UUID } of listed.EventSourceMappings) {
          const updated = await attempt('UpdateEventSourceMapping', { UUID }, body);
          expect(['done', 'refused']).toContain(updated);
          await call('DeleteEventSourceMapping', { params: { UUID } });
        }
      }),
      { numRuns: 600 },
    );
  });
});
