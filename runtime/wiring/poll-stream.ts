import type { Checkpoints } from '../triggers/mappings/checkpoints.ts';
import { createDiscard } from '../triggers/mappings/failure-record.ts';
import type { Poller } from '../triggers/mappings/poller.ts';
import { createRecordFilter } from '../triggers/mappings/record-filter.ts';
import { StreamPoller } from '../triggers/mappings/stream-poller.ts';
import type { StreamSource } from '../triggers/mappings/stream-source.ts';
import { assertReadable } from './assert-readable.ts';
import type { PolledMapping } from './polled-mapping.ts';
import { READING_ACTIONS, toReadArn } from './reading-actions.ts';

/** What differs between the kinds of streams. */
interface StreamKind {
  readonly actions: readonly string[];
  readonly dataMember: 'data' | undefined;
  readonly infoMember: 'KinesisBatchInfo' | 'DDBStreamBatchInfo';
  readonly open: (polled: PolledMapping) => Promise<StreamSource> | undefined;
}

const KINDS: Readonly<Record<'kinesis' | 'dynamodb', StreamKind>> = {
  kinesis: {
    actions: READING_ACTIONS.kinesis,
    dataMember: 'data',
    infoMember: 'KinesisBatchInfo',
    open: ({ endpoints: { kinesis }, arn }) =>
      kinesis &&
      import('../sources/kinesis-source.ts').then(({ createKinesisSource }) => createKinesisSource(kinesis, arn)),
  },
  dynamodb: {
    actions: READING_ACTIONS.dynamodb,
    dataMember: undefined,
    infoMember: 'DDBStreamBatchInfo',
    open: ({ endpoints: { dynamodb }, arn }) =>
      dynamodb &&
      import('../sources/dynamodb-stream-source.ts').then(({ createDynamodbStreamSource }) =>
        createDynamodbStreamSource(dynamodb, arn),
      ),
  },
};

/** Polls a stream of the configured endpoint; undefined where none is configured. */
export async function pollStream(polled: PolledMapping, checkpoints: Checkpoints): Promise<Poller | undefined> {
  const { arn, authorizer, mapping } = polled;
  const { uuid, settings, source: name } = mapping;
  const kind = name === 'kinesis' || name === 'dynamodb' ? KINDS[name] : undefined;
  const source = await kind?.open(polled);
  if (kind === undefined || source === undefined) {
    const setting = name === 'kinesis' ? 'ISOLA_KINESIS_ENDPOINT' : 'ISOLA_DYNAMODB_STREAMS_ENDPOINT';
    polled.report(`PROBLEM: ${setting} does not say where the stream is.`);
    return undefined;
  }
  const { actions, dataMember, infoMember } = kind;
  return new StreamPoller({
    ...{ ...polled, settings, source, checkpoints, mapping: uuid },
    assertReadable: (role) => assertReadable({ authorizer, role, actions, resource: toReadArn(arn) }),
    isWanted: createRecordFilter(settings.FilterCriteria, dataMember),
    discardOf: (shardId, signal) => createDiscard({ ...polled, settings, infoMember }, shardId, signal),
  });
}
