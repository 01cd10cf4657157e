import type { Authorizer } from '../contract/authorizer.ts';
import type { Delivery } from '../contract/delivery.ts';
import { findTopicArn, TopicError, type Topics, toTopicArn } from '../topics/index.ts';
import { explainRefusal } from './explain-refusal.ts';

export interface TopicWayDeps {
  readonly topics: () => Promise<Topics>;
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
}

/** Publishes a message; what is addressed to a subscription goes to its endpoint. */
export async function deliverToTopic(deps: TopicWayDeps, delivery: Delivery): Promise<string | undefined> {
  const { arn, sender, body: message, attributes, groupId, deduplicationId, traceId } = delivery;
  const key = findTopicArn(arn);
  if (key === undefined) return 'it is no ARN of a topic.';
  const topics = await deps.topics();
  if (key.subscriptionId !== undefined) {
    // Topics alone address letters so.
    return isOwn(delivery) ? topics.bring(delivery) : 'it is no ARN of a topic.';
  }
  await deps.authorizer.ready();
  const wish = { action: 'sns:Publish', resource: toTopicArn(key) };
  const refused = explainRefusal(deps.authorizer, sender, wish, topics.table.policyOf(key));
  if (refused !== undefined) return refused;
  try {
    const outgoing = { message, attributes, groupId, deduplicationId, traceId };
    await topics.publish(key, [topics.prepare(key, outgoing)]);
    return undefined;
  } catch (error) {
    // When there is no room now there may be some later.
    if (!(error instanceof TopicError) || error.code === 'Throttled') throw error;
    return error.message;
  }
}

function isOwn({ arn, sender }: Delivery): boolean {
  return sender.kind === 'service' && sender.name === 'sns.amazonaws.com' && arn.startsWith(`${sender.sourceArn}:`);
}
