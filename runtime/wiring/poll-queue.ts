import { parseQueueArn, type Queues } from '../queues/index.ts';
import type { Poller } from '../triggers/mappings/poller.ts';
import { QueuePoller } from '../triggers/mappings/queue-poller.ts';
import { createRecordFilter } from '../triggers/mappings/record-filter.ts';
import { assertReadable } from './assert-readable.ts';
import { createNearestQueueSource } from './nearest-queue-source.ts';
import type { PolledMapping } from './polled-mapping.ts';
import { READING_ACTIONS } from './reading-actions.ts';

/** Polls a queue of this process, or of the configured endpoint; undefined for what is no ARN of a queue. */
export function pollQueue(polled: PolledMapping, queues: Queues): Poller | undefined {
  const { arn, authorizer, endpoints, mapping } = polled;
  const key = parseQueueArn(arn);
  if (key === undefined) return undefined;
  const { sqs } = endpoints;
  const openElsewhere = async () => {
    const { createSqsQueueSource } = await import('../sources/sqs-queue-source.ts');
    return createSqsQueueSource(sqs as NonNullable<typeof sqs>, arn);
  };
  const isWanted = createRecordFilter(mapping.settings.FilterCriteria, 'body');
  return new QueuePoller({
    ...polled,
    settings: mapping.settings,
    source: createNearestQueueSource(queues, key, sqs === undefined ? undefined : openElsewhere),
    assertReadable: (role) =>
      assertReadable({
        authorizer,
        role,
        actions: READING_ACTIONS.sqs,
        resource: arn,
        policy: queues.table.policyOf(key),
      }),
    isWanted: (message) => isWanted({ members: { ...message }, data: message.body }),
  });
}
