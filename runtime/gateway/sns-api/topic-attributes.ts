import {
  contentTypeOf,
  isFifo,
  isRaw,
  type RetryPolicy,
  retryPolicyOf,
  type SubscriptionRecord,
  type TopicRecord,
  toDefaultPolicy,
  toSubscriptionArn,
  toTopicArn,
} from '../../topics/index.ts';

/** The attributes of a topic as SNS names them. */
export function showTopic(
  topic: TopicRecord,
  subscriptions: readonly SubscriptionRecord[],
): Readonly<Record<string, string>> {
  const arn = toTopicArn(topic);
  const pending = subscriptions.filter(({ isPending }) => isPending).length;
  const http = {
    defaultHealthyRetryPolicy: showRetries(retryPolicyOf(topic, {})),
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: contentTypeOf(topic, {}) },
  };
  return {
    TopicArn: arn,
    Owner: topic.accountId,
    Policy: JSON.stringify(toDefaultPolicy(arn, topic.accountId)),
    DisplayName: '',
    SubscriptionsPending: String(pending),
    SubscriptionsConfirmed: String(subscriptions.length - pending),
    SubscriptionsDeleted: String(topic.deletedSubscriptions),
    EffectiveDeliveryPolicy: JSON.stringify({ http }),
    ...(isFifo(topic) ? { FifoTopic: 'true', ContentBasedDeduplication: 'false', FifoThroughputScope: 'Topic' } : {}),
    ...topic.attributes,
  };
}

/** The attributes of a subscription as SNS names them. */
export function showSubscription(
  topic: TopicRecord,
  subscription: SubscriptionRecord,
): Readonly<Record<string, string>> {
  const { protocol, endpoint, principal, attributes, isPending, wasAuthenticated } = subscription;
  const { FilterPolicyScope = 'MessageAttributes', ...others } = attributes;
  const effective = {
    healthyRetryPolicy: showRetries(retryPolicyOf(topic, attributes)),
    requestPolicy: { headerContentType: contentTypeOf(topic, attributes) },
  };
  return {
    SubscriptionArn: toSubscriptionArn(subscription),
    TopicArn: toTopicArn(topic),
    Owner: topic.accountId,
    Protocol: protocol,
    Endpoint: endpoint,
    SubscriptionPrincipal: principal,
    PendingConfirmation: String(isPending === true),
    ConfirmationWasAuthenticated: String(wasAuthenticated),
    RawMessageDelivery: String(isRaw(subscription)),
    ...(protocol.startsWith('http') ? { EffectiveDeliveryPolicy: JSON.stringify(effective) } : {}),
    ...others,
    ...(attributes.FilterPolicy === undefined ? {} : { FilterPolicyScope }),
  };
}

/** The phases that SNS knows of besides are none here. */
function showRetries(policy: RetryPolicy): unknown {
  return {
    ...policy,
    ...{ numMaxDelayRetries: 0, numNoDelayRetries: 0, numMinDelayRetries: 0, backoffFunction: 'exponential' },
  };
}
