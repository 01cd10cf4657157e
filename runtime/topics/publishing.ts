import { createHash, randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { type Letter, OutboxFull, type Post } from '../contract/letter.ts';
import { toSignedText } from '../events/sns.ts';
import { FilteredMessage, type FilterPolicy, parseFilterPolicy } from './filter-policy.ts';
import type { PreparedMessage } from './message.ts';
import { type Published, PublishedBefore } from './published-before.ts';
import type { Sign, Signed } from './signer.ts';
import { toSubscriberLetter } from './subscriber-letter.ts';
import { scopeOf } from './subscription-attributes.ts';
import { isRaw, type Protocol, type SubscriptionRecord, toLink, toSubscriptionArn } from './subscription-record.ts';
import { invalidParameter, TopicError } from './topic-error.ts';
import { isFifo, type TopicRecord, toTopicArn } from './topic-record.ts';

export interface PublishingDeps {
  readonly post: Post;
  readonly sign: Sign;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Letters are posted so many characters at a time: a transaction is not to take long. */
const POSTING_SIZE = 1_048_576;
/** Subscriptions that are looked at without a pause. */
const TURN = 64;

/** A message on its way out, and what is known of it by now. */
interface Outgoing {
  readonly topic: TopicRecord;
  readonly message: PreparedMessage;
  readonly published: Published;
  readonly timestamp: string;
}

/** Turns messages into letters to the subscribers who want them. */
export class Publishing {
  readonly #deps: PublishingDeps;
  readonly #before = new PublishedBefore();
  readonly #policies = new WeakMap<SubscriptionRecord, FilterPolicy>();
  #lastSequence = 0n;

  constructor(deps: PublishingDeps) {
    this.#deps = deps;
  }

  /** Resolves when every letter is durable. Throws a TopicError. */
  publish(
    topic: TopicRecord,
    subscriptions: readonly SubscriptionRecord[],
    message: PreparedMessage,
  ): Promise<Published> {
    if (isFifo(topic)) return this.#publishOnce(topic, subscriptions, message);
    return this.#publishSigned(topic, subscriptions, message);
  }

  async #publishSigned(
    topic: TopicRecord,
    subscriptions: readonly SubscriptionRecord[],
    message: PreparedMessage,
  ): Promise<Published> {
    const published = { messageId: randomUUID(), sequenceNumber: undefined };
    const outgoing: Outgoing = { topic, message, published, timestamp: new Date(this.#deps.clock()).toISOString() };
    const filtered = new FilteredMessage(message.attributes);
    /** By what the message is, which may differ from protocol to protocol. */
    const signatures = new Map<string, Signed>();
    let letters: Letter[] = [];
    let size = 0;
    for (const [at, subscription] of subscriptions.entries()) {
      // Others have their turn while many policies are looked at.
      if (at % TURN === TURN - 1) await turn();
      if (!this.#isWanted(subscription, message, filtered)) continue;
      const text = textFor(message.texts, subscription.protocol);
      if (!isRaw(subscription) && !signatures.has(text)) signatures.set(text, await this.#sign(outgoing, text));
      const letter = this.#toLetter(outgoing, subscription, signatures.get(text));
      letters.push(letter);
      size += letter.delivery.body.length;
      if (size < POSTING_SIZE) continue;
      await this.#post(letters);
      letters = [];
      size = 0;
    }
    await this.#post(letters);
    return published;
  }

  /** Nothing is waited for before the letters are posted, so they go in the order in which messages were published. */
  async #publishOnce(
    topic: TopicRecord,
    subscriptions: readonly SubscriptionRecord[],
    message: PreparedMessage,
  ): Promise<Published> {
    const deduplicationId = message.deduplicationId ?? digest(message.texts.default ?? '');
    const group = topic.attributes.FifoThroughputScope === 'MessageGroup' ? message.groupId : '';
    const key = `${topic.id}\n${group}\n${deduplicationId}`;
    const now = this.#deps.clock();
    const before = this.#before.find(key, now);
    if (before !== undefined) return before;
    const published = { messageId: randomUUID(), sequenceNumber: this.#nextSequence(now) };
    const outgoing: Outgoing = {
      ...{ topic, published, timestamp: new Date(now).toISOString() },
      message: { ...message, deduplicationId },
    };
    const filtered = new FilteredMessage(message.attributes);
    const wanting = subscriptions.filter((each) => this.#isWanted(each, message, filtered));
    const stored = this.#post(wanting.map((each) => this.#toLetter(outgoing, each)));
    const answer = stored.then(() => published);
    this.#before.remember(key, answer, now);
    return answer;
  }

  #sign(outgoing: Outgoing, text: string): Promise<Signed> {
    const version = outgoing.topic.attributes.SignatureVersion === '2' ? '2' : '1';
    return this.#deps.sign(toSigned(outgoing, text), version);
  }

  #toLetter(outgoing: Outgoing, subscription: SubscriptionRecord, signed?: Signed): Letter {
    const { topic, message, published, timestamp } = outgoing;
    const { texts, subject, attributes, groupId, deduplicationId, traceId } = message;
    const text = textFor(texts, subscription.protocol);
    const signature = signed && { ...signed, certificateUrl: toLink(subscription, signed.certificate) };
    const notification = { ...published, topicArn: toTopicArn(topic), subject, text, timestamp, attributes, signature };
    const unsubscribe = `?Action=Unsubscribe&SubscriptionArn=${toSubscriptionArn(subscription)}`;
    const unsubscribeUrl = toLink(subscription, unsubscribe);
    return toSubscriberLetter({ notification, groupId, deduplicationId, traceId }, topic, subscription, unsubscribeUrl);
  }

  async #post(letters: readonly Letter[]): Promise<void> {
    try {
      if (letters.length > 0) await this.#deps.post(letters);
    } catch (error) {
      throw error instanceof OutboxFull ? new TopicError('Throttled', 'Rate exceeded') : error;
    }
  }

  /** Those that are confirmed, and whose filter policy, if they have one, lets the message pass. */
  #isWanted(subscription: SubscriptionRecord, { texts }: PreparedMessage, filtered: FilteredMessage): boolean {
    const { isPending, protocol, attributes: settings } = subscription;
    if (isPending) return false;
    if (settings.FilterPolicy === undefined) return true;
    let policy = this.#policies.get(subscription);
    if (policy === undefined) {
      policy = parseFilterPolicy(settings.FilterPolicy, scopeOf(settings), invalidParameter);
      this.#policies.set(subscription, policy);
    }
    return policy.matches(filtered, textFor(texts, protocol));
  }

  /** Twenty digits that ascend, from one process to the next too as long as the clock does. */
  #nextSequence(now: number): string {
    const byClock = BigInt(now) * 1_000_000n;
    this.#lastSequence = byClock > this.#lastSequence ? byClock : this.#lastSequence + 1n;
    return String(this.#lastSequence).padStart(20, '1');
  }
}

function textFor(texts: PreparedMessage['texts'], protocol: Protocol): string {
  return (Object.hasOwn(texts, protocol) ? texts[protocol] : texts.default) ?? '';
}

function toSigned({ topic, message, published, timestamp }: Outgoing, text: string): string {
  return toSignedText({
    ...{ Type: 'Notification', MessageId: published.messageId, TopicArn: toTopicArn(topic) },
    ...{ Subject: message.subject, Message: text, Timestamp: timestamp },
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
