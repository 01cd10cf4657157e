import {
  invalidParameter,
  missingParameter,
  noSuchTopic,
  parseTopicArn,
  type TopicArn,
  type Topics,
  toTopicArn,
} from '../../topics/index.ts';
import type { Wish } from '../auth/access.ts';
import type { Caller } from '../auth/authenticator.ts';
import type { ServiceRequest } from '../service/service.ts';

export type OpenTopics = () => Promise<Topics>;

/** The topic that an ARN names, of the caller's account. Throws TopicErrors. */
export function parseOwnTopic({ scope }: Caller, arn: string | undefined, member: string = 'TopicArn'): TopicArn {
  if (arn === undefined) throw missingParameter(member);
  const named = parseTopicArn(arn, member);
  if (named.subscriptionId !== undefined) throw invalidParameter(member);
  if (named.accountId !== scope.accountId) throw noSuchTopic();
  return named;
}

/** The subscription that an ARN names, of the caller's account. Throws TopicErrors. */
export function parseOwnSubscription({ scope }: Caller, arn: string | undefined): TopicArn {
  if (arn === undefined) throw missingParameter('SubscriptionArn');
  const named = parseTopicArn(arn, 'SubscriptionArn');
  if (named.subscriptionId === undefined) {
    throw invalidParameter('SubscriptionArn Reason: An ARN must have at least 7 elements, not 6');
  }
  if (named.accountId !== scope.accountId) throw invalidParameter('SubscriptionArn');
  return named;
}

/** Wants to do `action` to a topic. */
export async function wishFor(topics: OpenTopics, action: string, key: TopicArn): Promise<Wish> {
  return { action: `sns:${action}`, resource: toTopicArn(key), policy: (await topics()).table.policyOf(key) };
}

/** Wants to do `action` to the topic of the request. */
export function topicWish(
  topics: OpenTopics,
  action: string,
): (request: ServiceRequest, input: { readonly TopicArn?: string | undefined }) => Promise<Wish> {
  return ({ caller }, { TopicArn }) => wishFor(topics, action, parseOwnTopic(caller, TopicArn));
}
