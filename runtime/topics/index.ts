export { contentTypeOf, type RetryPolicy, retryPolicyOf } from './delivery-policy.ts';
export { MESSAGE_BYTES, type MessageAttributes, messageLength, type OutgoingMessage } from './message.ts';
export type { Published } from './published-before.ts';
export { isRaw, type SubscriptionRecord, toSubscriptionArn } from './subscription-record.ts';
export { invalidParameter, missingParameter, noSuchTopic, TopicError, type TopicErrorCode } from './topic-error.ts';
export { toDefaultPolicy } from './topic-policy.ts';
export {
  findTopicArn,
  isFifo,
  parseTopicArn,
  type TopicArn,
  type TopicKey,
  type TopicRecord,
  toTopicArn,
} from './topic-record.ts';
export { type PostToEndpoint, Topics, type TopicsDeps } from './topics.ts';
