import { missingParameter, TopicError, toSubscriptionArn } from '../../topics/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { structure, TEXT } from '../service/shape.ts';
import { type OpenTopics, parseOwnSubscription, parseOwnTopic, wishFor } from './topic-wish.ts';

const ARN = structure({ SubscriptionArn: TEXT });

/** What endpoints do by the links that they were sent, and others by their keys. */
export function createLinkOperations(topics: OpenTopics): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'ConfirmSubscription',
      input: structure({ TopicArn: TEXT, Token: TEXT, AuthenticateOnUnsubscribe: TEXT }),
      output: ARN,
      isLink: true,
      wish: async ({ caller }, { TopicArn }) =>
        caller.principal.kind === 'anonymous'
          ? undefined
          : wishFor(topics, 'ConfirmSubscription', parseOwnTopic(caller, TopicArn)),
      async handle({ caller }, { TopicArn, Token: token, AuthenticateOnUnsubscribe: keeps }) {
        const key = parseOwnTopic(caller, TopicArn);
        if (token === undefined) throw missingParameter('Token');
        const isAuthenticated = caller.principal.kind !== 'anonymous';
        const opened = await topics();
        const confirmed = await opened.confirm(key, token, {
          isAuthenticated,
          keeps: isAuthenticated && keeps === 'true',
        });
        return { SubscriptionArn: toSubscriptionArn(confirmed) };
      },
    }),
    createOperation({
      name: 'Unsubscribe',
      input: ARN,
      isLink: true,
      wish: async ({ caller }, { SubscriptionArn }) =>
        caller.principal.kind === 'anonymous'
          ? undefined
          : wishFor(topics, 'Unsubscribe', parseOwnSubscription(caller, SubscriptionArn)),
      async handle({ caller }, { SubscriptionArn }) {
        const arn = parseOwnSubscription(caller, SubscriptionArn);
        const opened = await topics();
        const { isKept, protocol = 'http' } = opened.subscriptions.find(arn) ?? {};
        // What the account subscribed of its own it ends itself.
        const isOpen = isKept !== true && protocol.startsWith('http');
        if (caller.principal.kind === 'anonymous' && !isOpen) {
          throw new TopicError('AuthorizationError', 'Ending this subscription needs a signed request.');
        }
        await opened.unsubscribe(arn);
        return undefined;
      },
    }),
  ];
}
