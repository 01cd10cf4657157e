import { randomUUID } from 'node:crypto';
import type { Delivery } from '../contract/delivery.ts';
import { toConfirmationBody, toSignedText } from '../events/sns.ts';
import type { Cipher } from '../store/cipher.ts';
import { contentTypeOf } from './delivery-policy.ts';
import { parseEndpoint } from './endpoints.ts';
import { type OutgoingMessage, type PreparedMessage, prepareMessage } from './message.ts';
import type { Published } from './published-before.ts';
import { Publishing, type PublishingDeps } from './publishing.ts';
import { Signer } from './signer.ts';
import { toConfirmationLetter } from './subscriber-letter.ts';
import { withSubscriptionAttributes } from './subscription-attributes.ts';
import { isRaw, type SubscriptionRecord, toLink } from './subscription-record.ts';
import { SubscriptionTable } from './subscription-table.ts';
import { invalidParameter, noSuchTopic, TopicError } from './topic-error.ts';
import { type Attributes, findTopicArn, isFifo, type TopicArn, type TopicKey, toTopicArn } from './topic-record.ts';
import { TopicTable, type TopicTableDeps } from './topic-table.ts';

/** A message for an endpoint outside: resolves with the status of its answer. Throws when there is none. */
export type PostToEndpoint = (
  endpoint: string,
  request: { readonly headers: readonly (readonly [string, string])[]; readonly body: string },
) => Promise<{ readonly status: number } | { readonly refused: string }>;

export interface TopicsDeps extends TopicTableDeps, Omit<PublishingDeps, 'sign'> {
  readonly cipher: Cipher;
  readonly postToEndpoint: PostToEndpoint;
  /** Why an endpoint outside will never be asked, in a sentence; undefined when that is not known. */
  readonly explainUnreachable: (endpoint: string) => string | undefined;
}

/** Who subscribes, and what. */
export interface SubscribeRequest {
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Attributes;
  /** By which host and port we were called. */
  readonly host: string;
  /** An ARN. */
  readonly principal: string;
}

/**
 * Topics and who is subscribed to them: SNS without its protocols, for the gateway and for callers inside. A message is published
 * when every subscriber who wants it has a durable letter. Methods throw TopicErrors. To be opened before anything else.
 *
 * ```ts
 * await topics.publish(key, [topics.prepare(key, { message: 'hello' })]);
 * ```
 */
export class Topics {
  readonly table: TopicTable;
  readonly subscriptions: SubscriptionTable;
  readonly signer: Signer;
  readonly #deps: TopicsDeps;
  readonly #publishing: Publishing;

  constructor(deps: TopicsDeps) {
    this.#deps = deps;
    this.table = new TopicTable(deps);
    this.subscriptions = new SubscriptionTable(deps);
    this.signer = new Signer(deps);
    this.#publishing = new Publishing({ ...deps, sign: this.signer.sign });
  }

  async open(): Promise<void> {
    await this.table.open();
    await this.subscriptions.open(({ topic, topicId }) => this.table.find(topic)?.id === topicId);
  }

  close(): void {}

  /** Checks a message; what is said of it is thrown. */
  prepare(key: TopicKey, message: OutgoingMessage): PreparedMessage {
    const topic = this.table.get(key);
    const deduplicatesByContent = topic.attributes.ContentBasedDeduplication === 'true';
    return prepareMessage(message, { isFifo: isFifo(key), deduplicatesByContent });
  }

  /** Resolves when all of them are durable. */
  publish(key: TopicKey, messages: readonly PreparedMessage[]): Promise<readonly Published[]> {
    const topic = this.table.get(key);
    const subscriptions = this.subscriptions.ofTopic(topic);
    return Promise.all(messages.map((message) => this.#publishing.publish(topic, subscriptions, message)));
  }

  /** An endpoint outside is asked whether it wants to be subscribed, and again when it did not answer. */
  async subscribe(key: TopicKey, request: SubscribeRequest): Promise<SubscriptionRecord> {
    const topic = this.table.get(key);
    const { protocol, endpoint } = parseEndpoint(key, request.protocol, request.endpoint);
    const needsConfirmation = protocol === 'http' || protocol === 'https';
    const unreachable = needsConfirmation ? this.#deps.explainUnreachable(endpoint) : undefined;
    if (unreachable !== undefined) throw invalidParameter(`Endpoint Reason: ${unreachable}`);
    const attributes = withSubscriptionAttributes({}, request.attributes, { protocol, where: 'Attributes Reason: ' });
    const subscription = await this.subscriptions.add(topic, {
      ...{ protocol, endpoint, attributes, needsConfirmation },
      ...{ host: request.host, principal: request.principal, wasAuthenticated: !needsConfirmation },
    });
    if (this.table.find(key)?.id !== topic.id) {
      // It was deleted meanwhile, with the subscriptions that it had then.
      await this.subscriptions.remove(subscription);
      throw noSuchTopic();
    }
    if (subscription.isPending) await this.#ask(subscription);
    return subscription;
  }

  confirm(
    key: TopicKey,
    token: string,
    caller: { readonly isAuthenticated: boolean; readonly keeps: boolean },
  ): Promise<SubscriptionRecord> {
    if (!/^[\da-f]{128}$/.test(token)) throw new TopicError('InvalidParameter', 'Invalid token');
    const topic = this.table.find(key);
    if (topic === undefined) throw invalidParameter('Token');
    return this.subscriptions.confirm(topic, token, caller);
  }

  setSubscriptionAttribute(arn: TopicArn, name: string, value: string): Promise<SubscriptionRecord> {
    return this.subscriptions.change(this.subscriptions.get(arn), (current) => {
      const { protocol, attributes } = current;
      return { ...current, attributes: withSubscriptionAttributes(attributes, { [name]: value }, { protocol }) };
    });
  }

  /** One that is gone is no error. */
  async unsubscribe(arn: TopicArn): Promise<void> {
    const subscription = this.subscriptions.find(arn);
    if (subscription === undefined) return;
    if (await this.subscriptions.remove(subscription)) await this.table.countDeleted(subscription.topic);
  }

  /** With all that is subscribed to it; one that is gone is no error. */
  async deleteTopic(key: TopicKey): Promise<void> {
    const topic = await this.table.delete(key);
    if (topic !== undefined) await this.subscriptions.removeAll(topic);
  }

  /** Brings a letter to the HTTP endpoint of the subscription that it is addressed to. Answers why it never will be taken. */
  async bring({ arn, body, attributes = {} }: Delivery): Promise<string | undefined> {
    const named = findTopicArn(arn);
    const subscription = named && this.subscriptions.find(named);
    const topic = named && this.table.find(named);
    // Whoever has unsubscribed gets nothing any more.
    if (subscription === undefined || topic === undefined) return undefined;
    const headers = Object.entries(attributes).map(([name, { StringValue = '' }]) => [name, StringValue] as const);
    const answer = await this.#deps.postToEndpoint(subscription.endpoint, {
      headers: [
        ...headers,
        ['x-amz-sns-topic-arn', toTopicArn(topic)],
        ...(subscription.isPending ? [] : [['x-amz-sns-subscription-arn', arn] as const]),
        ...(isRaw(subscription) && !subscription.isPending ? [['x-amz-sns-rawdelivery', 'true'] as const] : []),
        ['content-type', contentTypeOf(topic, subscription.attributes)],
        ['user-agent', 'Amazon Simple Notification Service Agent'],
      ],
      body,
    });
    if ('refused' in answer) return answer.refused;
    const { status } = answer;
    if (status >= 200 && status < 300) return undefined;
    const text = `${subscription.endpoint} answered ${status}.`;
    // What the client did wrong will be as wrong another time.
    if (status >= 400 && status < 500 && status !== 429) return text;
    throw new Error(text);
  }

  async #ask(subscription: SubscriptionRecord): Promise<void> {
    const topic = this.table.get(subscription.topic);
    const { token = '' } = subscription;
    const topicArn = toTopicArn(topic);
    const subscribeUrl = toLink(subscription, `?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`);
    const timestamp = new Date(this.#deps.clock()).toISOString();
    const question = { messageId: randomUUID(), topicArn, token, subscribeUrl, timestamp };
    const unsigned = JSON.parse(toConfirmationBody(question, undefined)) as Record<string, unknown>;
    const version = topic.attributes.SignatureVersion === '2' ? '2' : '1';
    const signed = await this.signer.sign(toSignedText(unsigned), version);
    const certificateUrl = toLink(subscription, signed.certificate);
    const body = toConfirmationBody(question, { ...signed, certificateUrl });
    await this.#deps.post([toConfirmationLetter(topic, subscription, { messageId: question.messageId, body })]);
  }
}
