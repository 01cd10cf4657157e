import type { Deliver } from '../../contract/delivery.ts';
import type { EventSourceSettings } from '../../store/event-source-record.ts';
import { Backoff, pause } from './backoff.ts';
import type { MappedFunction } from './mapped-function.ts';
import type { Discarded, StreamBatchDeps } from './stream-batch.ts';

export interface DiscardDeps {
  readonly deliver: Deliver;
  readonly settings: EventSourceSettings;
  readonly arn: string;
  /** The member of the record that tells of the batch. */
  readonly infoMember: 'KinesisBatchInfo' | 'DDBStreamBatchInfo';
  readonly target: MappedFunction;
  readonly notice: (message: string) => void;
  readonly clock: () => number;
}

/** Told again and again, for as long as it takes: the records are gone from the stream some day. */
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 30_000;

/** Tells the mapping's OnFailure destination which records of a shard are given up, as far as the execution role allows. */
export function createDiscard(deps: DiscardDeps, shardId: string, signal: AbortSignal): StreamBatchDeps['discard'] {
  const destination = deps.settings.DestinationConfig?.OnFailure?.Destination;
  return async (discarded) => {
    const { records, condition } = discarded;
    if (destination === undefined || records.length === 0) {
      deps.notice(`${deps.arn}, ${shardId}: ${records.length} records are given up: ${condition}.`);
      return;
    }
    const backoff = new Backoff(FIRST_PAUSE_MS, LAST_PAUSE_MS);
    while (!signal.aborted) {
      try {
        const { role, arn: functionArn, version } = await deps.target.version();
        const body = toFailureRecord(discarded, { ...deps, shardId, functionArn: `${functionArn}:${version}` });
        const { refused } = await deps.deliver({ arn: destination, sender: { kind: 'role', arn: role }, body });
        if (refused !== undefined) deps.notice(`${destination} is not told of records given up: ${refused}`);
        return;
      } catch (error) {
        deps.notice(`${destination} cannot be told of records given up yet: ${(error as Error).message}`);
        await pause(backoff.next(), signal);
      }
    }
  };
}

/** Lambda's record of a batch that was given up, version 1.0. Does not hold the records themselves. */
function toFailureRecord(
  { records, condition, call, invokeCount }: Discarded,
  about: Pick<DiscardDeps, 'arn' | 'infoMember' | 'clock'> & {
    readonly shardId: string;
    readonly functionArn: string;
  },
): string {
  const arrivals = records.map(({ arrivedAt }) => arrivedAt);
  const toTime = (at: number | undefined): string => new Date(at ?? 0).toISOString();
  return JSON.stringify({
    requestContext: {
      ...(call === undefined ? {} : { requestId: call.requestId }),
      ...{ functionArn: about.functionArn, condition, approximateInvokeCount: invokeCount },
    },
    ...(call === undefined
      ? {}
      : {
          responseContext: {
            ...{ statusCode: 200, executedVersion: call.executedVersion },
            functionError: call.failed ? 'Unhandled' : null,
          },
        }),
    version: '1.0',
    timestamp: new Date(about.clock()).toISOString(),
    [about.infoMember]: {
      shardId: about.shardId,
      startSequenceNumber: records[0]?.sequenceNumber,
      endSequenceNumber: records.at(-1)?.sequenceNumber,
      approximateArrivalOfFirstRecord: toTime(arrivals[0]),
      approximateArrivalOfLastRecord: toTime(arrivals.at(-1)),
      batchSize: records.length,
      streamArn: about.arn,
    },
  });
}
