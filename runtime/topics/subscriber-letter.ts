import type { DeliveryAttributes, Sender } from '../contract/delivery.ts';
import type { DeadLetter, Letter, RetryTerms } from '../contract/letter.ts';
import { type Notification, toNotificationBody, toSnsEvent } from '../events/sns.ts';
import { retryPolicyOf } from './delivery-policy.ts';
import type { MessageAttributes } from './message.ts';
import { deadLetterArnOf } from './subscription-attributes.ts';
import { isRaw, type SubscriptionRecord, toSubscriptionArn } from './subscription-record.ts';
import { type Attributes, isFifo, type TopicRecord, toTopicArn } from './topic-record.ts';

/** What is the same for every subscriber that has the same protocol. */
export interface Issue {
  readonly notification: Omit<Notification, 'unsubscribeUrl'>;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly traceId: string | undefined;
}

const DAY_MS = 24 * 3_600_000;
/** The longest that an endpoint outside is tried again, whatever a delivery policy says. SNS's. */
const ENDPOINT_AGE_MS = 3_600_000;
/** Of queues and functions, as SNS's: for 23 days. */
const OWN_TERMS: RetryTerms = { attempts: 100_015, ageMs: 23 * DAY_MS, firstDelayMs: 1_000, lastDelayMs: 20_000 };
const SERVICE = 'sns.amazonaws.com';

/** The letter that brings a message to a subscriber. One to an HTTP endpoint goes to the ARN of the subscription. */
export function toSubscriberLetter(
  issue: Issue,
  topic: TopicRecord,
  subscription: SubscriptionRecord,
  unsubscribeUrl: string,
): Letter {
  const { protocol, endpoint, attributes: settings } = subscription;
  const sender: Sender = { kind: 'service', name: SERVICE, sourceArn: toTopicArn(topic) };
  const notification = { ...issue.notification, unsubscribeUrl };
  const isWhole = !isRaw(subscription);
  const body = isWhole ? toNotificationBody(notification) : notification.text;
  const own = isWhole ? {} : { attributes: toDeliveryAttributes(notification.attributes) };
  const passed = {
    ...(issue.groupId === undefined ? {} : { groupId: issue.groupId }),
    ...(issue.traceId === undefined ? {} : { traceId: issue.traceId }),
  };
  const once = issue.deduplicationId === undefined ? {} : { deduplicationId: issue.deduplicationId };
  const deadLetter = toDeadLetter(settings, { sender, body, ...own });
  const parts = {
    ...(deadLetter === undefined ? {} : { deadLetter }),
    ...(isFifo(topic) ? { inOrder: true as const } : {}),
  };
  switch (protocol) {
    case 'sqs':
      return {
        delivery: { arn: endpoint, sender, body, ...own, ...passed, ...once },
        ...{ retry: OWN_TERMS, ...parts },
      };
    case 'lambda': {
      const event = toSnsEvent(notification, toSubscriptionArn(subscription));
      return { delivery: { arn: endpoint, sender, body: event, ...passed }, retry: OWN_TERMS, ...parts };
    }
    case 'http':
    case 'https': {
      const arn = toSubscriptionArn(subscription);
      const attributes = toHeaders('Notification', notification.messageId);
      return { delivery: { arn, sender, body, attributes, ...passed }, retry: termsOf(topic, settings), ...parts };
    }
  }
}

/** The letter that asks an endpoint whether it wants to be subscribed. */
export function toConfirmationLetter(
  topic: TopicRecord,
  subscription: SubscriptionRecord,
  question: { readonly messageId: string; readonly body: string },
): Letter {
  const attributes = toHeaders('SubscriptionConfirmation', question.messageId);
  const sender: Sender = { kind: 'service', name: SERVICE, sourceArn: toTopicArn(topic) };
  return {
    delivery: { arn: toSubscriptionArn(subscription), sender, body: question.body, attributes },
    retry: termsOf(topic, subscription.attributes),
  };
}

function termsOf(topic: TopicRecord, settings: Attributes): RetryTerms {
  const { numRetries, minDelayTarget, maxDelayTarget } = retryPolicyOf(topic, settings);
  return {
    ...{ attempts: numRetries, ageMs: ENDPOINT_AGE_MS },
    ...{ firstDelayMs: minDelayTarget * 1000, lastDelayMs: maxDelayTarget * 1000 },
  };
}

/** A dead letter is what a queue would have got. */
function toDeadLetter(settings: Attributes, letter: Omit<DeadLetter, 'arn' | 'reasons'>): DeadLetter | undefined {
  const arn = deadLetterArnOf(settings);
  return arn === undefined ? undefined : { arn, ...letter, reasons: {} };
}

/** What the delivery to a subscription has as attributes: the endpoint sees them as headers. */
function toHeaders(type: string, messageId: string): DeliveryAttributes {
  return {
    'x-amz-sns-message-type': { DataType: 'String', StringValue: type },
    'x-amz-sns-message-id': { DataType: 'String', StringValue: messageId },
  };
}

/** SQS knows no lists: they are texts there. */
function toDeliveryAttributes(attributes: MessageAttributes): DeliveryAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType = '', StringValue, BinaryValue }]) => [
      name,
      {
        DataType,
        ...(StringValue === undefined ? {} : { StringValue }),
        ...(BinaryValue === undefined ? {} : { BinaryValue }),
      },
    ]),
  );
}
