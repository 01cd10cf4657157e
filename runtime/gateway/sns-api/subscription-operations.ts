import { missingParameter, type SubscriptionRecord, toSubscriptionArn, toTopicArn } from '../../topics/index.ts';
import type { Wish } from '../auth/access.ts';
import type { Caller } from '../auth/authenticator.ts';
import { createOperation, type ServiceOperation, type ServiceRequest } from '../service/service.ts';
import { FLAG, framedListOf, framedMapOf, structure, TEXT } from '../service/shape.ts';
import { toPage } from './page.ts';
import { showSubscription } from './topic-attributes.ts';
import { type OpenTopics, parseOwnSubscription, parseOwnTopic, topicWish, wishFor } from './topic-wish.ts';

const SUBSCRIPTION = structure({
  ...{ SubscriptionArn: TEXT, Owner: TEXT, Protocol: TEXT, Endpoint: TEXT, TopicArn: TEXT },
});
const SUBSCRIPTIONS = structure({ Subscriptions: framedListOf(SUBSCRIPTION), NextToken: TEXT });
const ARN = structure({ SubscriptionArn: TEXT });

/** Who is subscribed, and what is set of that. */
export function createSubscriptionOperations(topics: OpenTopics): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'Subscribe',
      input: structure({
        ...{ TopicArn: TEXT, Protocol: TEXT, Endpoint: TEXT, Attributes: framedMapOf(TEXT) },
        ReturnSubscriptionArn: FLAG,
      }),
      output: ARN,
      async wish({ caller }, { TopicArn, Protocol = '', Endpoint = '' }) {
        const wish = await wishFor(topics, 'Subscribe', parseOwnTopic(caller, TopicArn));
        return { ...wish, context: { 'sns:Protocol': Protocol, 'sns:Endpoint': Endpoint } };
      },
      async handle({ caller, host }, { TopicArn, Protocol: protocol, Endpoint: endpoint = '', ...options }) {
        const key = parseOwnTopic(caller, TopicArn);
        if (protocol === undefined) throw missingParameter('Protocol');
        const { Attributes: attributes = {}, ReturnSubscriptionArn } = options;
        const request = { protocol, endpoint, attributes, host, principal: toPrincipalArn(caller) };
        const subscription = await (await topics()).subscribe(key, request);
        const isKnown = ReturnSubscriptionArn === true || !subscription.isPending;
        return { SubscriptionArn: isKnown ? toSubscriptionArn(subscription) : 'pending confirmation' };
      },
    }),
    createOperation({
      name: 'ListSubscriptions',
      input: structure({ NextToken: TEXT }),
      output: SUBSCRIPTIONS,
      wish: async () => ({ action: 'sns:ListSubscriptions', resource: '*' }),
      async handle({ caller }, { NextToken }) {
        return toList((await topics()).subscriptions.list(caller.scope), NextToken);
      },
    }),
    createOperation({
      name: 'ListSubscriptionsByTopic',
      input: structure({ TopicArn: TEXT, NextToken: TEXT }),
      output: SUBSCRIPTIONS,
      wish: topicWish(topics, 'ListSubscriptionsByTopic'),
      async handle({ caller }, { TopicArn, NextToken }) {
        const { table, subscriptions } = await topics();
        return toList(subscriptions.ofTopic(table.get(parseOwnTopic(caller, TopicArn))), NextToken);
      },
    }),
    createOperation({
      name: 'GetSubscriptionAttributes',
      input: ARN,
      output: structure({ Attributes: framedMapOf(TEXT) }),
      wish: subscriptionWish('GetSubscriptionAttributes'),
      async handle({ caller }, { SubscriptionArn }) {
        const { table, subscriptions } = await topics();
        const subscription = subscriptions.get(parseOwnSubscription(caller, SubscriptionArn));
        return { Attributes: showSubscription(table.get(subscription.topic), subscription) };
      },
    }),
    createOperation({
      name: 'SetSubscriptionAttributes',
      input: structure({ SubscriptionArn: TEXT, AttributeName: TEXT, AttributeValue: TEXT }),
      wish: subscriptionWish('SetSubscriptionAttributes'),
      async handle({ caller }, { SubscriptionArn, AttributeName: name, AttributeValue: value = '' }) {
        const arn = parseOwnSubscription(caller, SubscriptionArn);
        if (name === undefined) throw missingParameter('AttributeName');
        await (await topics()).setSubscriptionAttribute(arn, name, value);
        return undefined;
      },
    }),
  ];

  function subscriptionWish(
    action: string,
  ): (request: ServiceRequest, input: { readonly SubscriptionArn?: string | undefined }) => Promise<Wish> {
    return ({ caller }, { SubscriptionArn }) => wishFor(topics, action, parseOwnSubscription(caller, SubscriptionArn));
  }
}

function toPrincipalArn({ principal, scope }: Caller): string {
  return 'arn' in principal ? principal.arn : `arn:aws:iam::${scope.accountId}:root`;
}

function toList(subscriptions: readonly SubscriptionRecord[], nextToken: string | undefined) {
  const { page, token } = toPage(subscriptions, toSubscriptionArn, nextToken);
  return {
    Subscriptions: page.map((each) => ({
      SubscriptionArn: each.isPending ? 'PendingConfirmation' : toSubscriptionArn(each),
      ...{ Owner: each.topic.accountId, Protocol: each.protocol, Endpoint: each.endpoint },
      TopicArn: toTopicArn(each.topic),
    })),
    NextToken: token,
  };
}
