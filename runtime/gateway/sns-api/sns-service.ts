import { MESSAGE_BYTES } from '../../topics/index.ts';
import type { Service } from '../service/service.ts';
import { createLinkOperations } from './link-operations.ts';
import { createPublishOperations } from './publish-operations.ts';
import { toSnsRefusal } from './sns-errors.ts';
import { createSubscriptionOperations } from './subscription-operations.ts';
import { createTagOperations } from './tags.ts';
import { createTopicOperations } from './topic-operations.ts';
import type { OpenTopics } from './topic-wish.ts';

/** SNS, which speaks the Query protocol. */
export function createSns(topics: OpenTopics): Service & { readonly query: NonNullable<Service['query']> } {
  return {
    name: 'sns',
    // The largest batch, every character of it percent-encoded, and what is around it.
    bodyBytes: 4 * MESSAGE_BYTES,
    query: { version: '2010-03-31', namespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
    operations: [
      ...createTopicOperations(topics),
      ...createTagOperations(topics),
      ...createSubscriptionOperations(topics),
      ...createLinkOperations(topics),
      ...createPublishOperations(topics),
    ],
    toRefusal: toSnsRefusal,
  };
}
