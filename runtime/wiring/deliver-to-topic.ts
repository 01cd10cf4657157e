import type { Authorizer } from '../contract/authorizer.ts';
import type { Delivery, DeliveryRefusal } from '../contract/delivery.ts';
import { findTopicArn, TopicError, type Topics, toTopicArn } from '../topics/index.ts';
import { explainRefusal } from './explain-refusal.ts';

export interface TopicWayDeps {
  readonly topics: () => Promise<Topics>;
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
}

const NO_TOPIC_ARN: DeliveryRefusal = { refused: 'it is no ARN of a topic.', code: 'NO_RESOURCE' };

/** Publishes a message; what is addressed to a subscription goes to its endpoint. */
export async function deliverToTopic(deps: TopicWayDeps, delivery: Delivery): Promise<DeliveryRefusal | undefined> {
  const { arn, sender, body: message, attributes, groupId, deduplicationId, traceId } = delivery;
  const key = findTopicArn(arn);
  if (key === undefined) return NO_TOPIC_ARN;
  const topics = await deps.topics();
  if (key.subscriptionId !== undefined) {
    // Topics alone address letters so.
    if (!isOwn(delivery)) return NO_TOPIC_ARN;
    const refused = await topics.bring(delivery);
    return refused === undefined ? undefined : { refused };
  }
  if (topics.table.find(key) === undefined) return { refused: 'Topic does not exist', code: 'NO_RESOURCE' };
  await deps.authorizer.ready();
  const wish = { action: 'sns:Publish', resource: toTopicArn(key) };
  const refused = explainRefusal(deps.authorizer, sender, wish, topics.table.policyOf(key));
  if (refused !== undefined) return { refused, code: 'NO_PERMISSIONS' };
  try {
    const outgoing = { message, attributes, groupId, deduplicationId, traceId };
    await topics.publish(key, [topics.prepare(key, outgoing)]);
    return undefined;
  } catch (error) {
    // When there is no room now there may be some later.
    if (!(error instanceof TopicError) || error.code === 'Throttled') throw error;
    return { refused: error.message };
  }
}

function isOwn({ arn, sender }: Delivery): boolean {
  return sender.kind === 'service' && sender.name === 'sns.amazonaws.com' && arn.startsWith(`${sender.sourceArn}:`);
}
