import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { type Job, packJobs, unpackJobs } from '../../runtime/pool/job-batch.ts';
import { type EndedJob, packOutcomes, unpackOutcomes } from '../../runtime/pool/outcome-batch.ts';
import { toTransferList } from '../../runtime/pool/packed-bytes.ts';
import { toFunctionVersion } from '../support/function-version.ts';

/** As it comes out of a port, whatever of it was handed over. */
const sent = <T>(message: T, bytes: Uint8Array): T => structuredClone(message, { transfer: toTransferList(bytes) });

const bytes = fc.uint8Array({ maxLength: 40 });
const report = { durationMs: 1.25, fuel: 7, maxMemoryBytes: 65_536, queueMs: 0.5 };
const cold = { compileMs: 1, workerMs: 2, instantiateMs: 3, restoreMs: 4 };

describe('a batch of jobs', () => {
  const versions = [toFunctionVersion('a'), toFunctionVersion('b', { timeoutMs: 5 })] as const;
  const versionOf = (revision: string): FunctionVersion =>
    versions.find((version) => version.revision === revision) as FunctionVersion;
  const job: fc.Arbitrary<Job> = fc
    .record({ id: fc.nat(), event: bytes, target: fc.constantFrom(...versions), context: fc.option(fc.string()) })
    .map(({ id, event, target, context }) => ({
      id,
      invocation: {
        ...{ requestId: `request ${id}`, traceId: 'Root=1-0-0', receivedAt: 1_000.5, event, target },
        ...(context === null ? {} : { clientContext: context }),
      },
      ...{ compileMs: 0.25, workerMs: 0.75, credit: undefined },
    }));

  it('says behind the port what it said before', () => {
    void fc.assert(
      fc.property(fc.array(job, { maxLength: 16 }), (jobs) => {
        const batch = packJobs(jobs);
        expect(unpackJobs(sent(batch, batch.events), versionOf)).toEqual(jobs);
      }),
    );
  });

  it('leaves the events to their owner, who may send them again', () => {
    const event = new Uint8Array(100_000).fill(3);
    const [large] = fc.sample(job, 1) as [Job];
    const batch = packJobs([{ ...large, invocation: { ...large.invocation, event } }]);
    const [again] = unpackJobs(sent(batch, batch.events), versionOf);
    expect(batch.events.byteLength, 'handed over').toBe(0);
    expect(event.byteLength).toBe(100_000);
    expect(Buffer.compare(event, again?.invocation.event as Uint8Array)).toBe(0);
  });
});

describe('a batch of outcomes', () => {
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.record({ payload: bytes, log: fc.string(), cold: fc.option(fc.constant(cold)) }).map(
      (of): Outcome => ({
        ...{ kind: 'succeeded', payload: of.payload, log: of.log },
        report: of.cold ? { ...report, cold: of.cold } : report,
      }),
    ),
    fc.constant<Outcome>({ kind: 'timed-out', cause: 'fuel', limit: 9, report, log: 'late\n' }),
    fc.constant<Outcome>({ kind: 'out-of-memory', report: { ...report, cold }, log: '' }),
  );

  it('says behind the port what it said before, successes first', () => {
    const ended = fc.record({ id: fc.nat(), outcome });
    void fc.assert(
      fc.property(fc.array(ended, { maxLength: 40 }), (jobs: readonly EndedJob[]) => {
        const batch = packOutcomes(jobs);
        const isSuccess = (job: EndedJob): boolean => job.outcome.kind === 'succeeded';
        const expected = [...jobs.filter(isSuccess), ...jobs.filter((job) => !isSuccess(job))];
        expect(unpackOutcomes(sent(batch, batch.payloads))).toEqual(expected);
      }),
    );
  });
});
