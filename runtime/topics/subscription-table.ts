import { randomBytes, randomUUID } from 'node:crypto';
import type { Scope } from '../contract/scope.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { Turns } from '../store/turns.ts';
import type { SubscriptionRecord } from './subscription-record.ts';
import { invalidParameter, noSuchSubscription, TopicError } from './topic-error.ts';
import { type Attributes, isFifo, type TopicArn, type TopicRecord } from './topic-record.ts';

export interface SubscriptionTableDeps {
  readonly resources: ResourceStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** What is asked for when something is subscribed. */
export interface NewSubscription
  extends Pick<SubscriptionRecord, 'protocol' | 'endpoint' | 'host' | 'principal' | 'attributes' | 'wasAuthenticated'> {
  /** It is nothing before it was confirmed. */
  readonly needsConfirmation: boolean;
}

/** Each gets every message of its topic: what one call may set going. */
const MOST_OF_TOPIC = 1_000;
const MOST_OF_FIFO_TOPIC = 100;
/** Of all. */
const MOST_SUBSCRIPTIONS = 20_000;
/** How long a subscription can be confirmed; later it is as if it had not been asked for. SNS's. */
const TOKEN_MS = 2 * 24 * 3_600_000;

/** The subscriptions that there are. Methods throw TopicErrors. To be opened before anything else. */
export class SubscriptionTable {
  readonly #deps: SubscriptionTableDeps;
  readonly #subscriptions: Collection<SubscriptionRecord>;
  /** By the id of the topic's record and their own. */
  readonly #byTopic = new Map<string, Map<string, SubscriptionRecord>>();
  /** By the id of the topic's record. */
  readonly #turns = new Turns();

  constructor(deps: SubscriptionTableDeps) {
    this.#deps = deps;
    this.#subscriptions = new Collection(deps.resources, 'topic-subscription');
  }

  /**
   * Forgets those of topics that are gone, as `isTopic` says: a process that was killed while it deleted one has left them. Nor
   * are those kept that nobody has confirmed in time.
   */
  async open(isTopic: (record: SubscriptionRecord) => boolean): Promise<void> {
    await this.#subscriptions.open();
    for (const record of this.#subscriptions.all()) {
      if (isTopic(record) && !this.#isOver(record)) this.#index(record);
      else await this.#subscriptions.change(record.topic, record.id, () => undefined);
    }
  }

  /** Oldest first. */
  ofTopic({ id }: TopicRecord): readonly SubscriptionRecord[] {
    return [...(this.#byTopic.get(id)?.values() ?? [])];
  }

  /** By topic and id. */
  list(scope: Scope): readonly SubscriptionRecord[] {
    return this.#subscriptions.list(scope);
  }

  find({ subscriptionId, ...topic }: TopicArn): SubscriptionRecord | undefined {
    const record = subscriptionId === undefined ? undefined : this.#subscriptions.get(topic, subscriptionId);
    return record?.topic.name === topic.name ? record : undefined;
  }

  get(arn: TopicArn): SubscriptionRecord {
    const record = this.find(arn);
    if (record === undefined) throw noSuchSubscription();
    return record;
  }

  /** One that exists already is answered as it is, when it has the attributes that were given. */
  add(topic: TopicRecord, given: NewSubscription): Promise<SubscriptionRecord> {
    return this.#turns.take(topic.id, () => this.#add(topic, given));
  }

  /** The one that has this token, and is no longer pending. */
  async confirm(
    topic: TopicRecord,
    token: string,
    caller: { readonly isAuthenticated: boolean; readonly keeps: boolean },
  ): Promise<SubscriptionRecord> {
    const found = this.ofTopic(topic).find((each) => each.token === token);
    if (found === undefined || this.#deps.clock() > found.createdAt + TOKEN_MS) throw invalidParameter('Token');
    if (!found.isPending) return found;
    return this.change(found, ({ isPending: _, ...current }) => ({
      ...current,
      wasAuthenticated: caller.isAuthenticated,
      ...(caller.keeps ? { isKept: true as const } : {}),
    }));
  }

  async change(
    { topic, id }: Pick<SubscriptionRecord, 'topic' | 'id'>,
    change: (current: SubscriptionRecord) => SubscriptionRecord,
  ): Promise<SubscriptionRecord> {
    const record = await this.#subscriptions.change(topic, id, (current) => {
      if (current === undefined) throw noSuchSubscription();
      return change(current);
    });
    this.#index(record);
    return record;
  }

  /** Answers whether there was one. */
  async remove(record: SubscriptionRecord): Promise<boolean> {
    let was = false;
    await this.#subscriptions.change(record.topic, record.id, (current) => {
      was = current !== undefined;
      return undefined;
    });
    this.#drop(record);
    return was;
  }

  /** Those of a topic that is gone. */
  async removeAll(topic: TopicRecord): Promise<void> {
    await Promise.all(this.ofTopic(topic).map((record) => this.remove(record)));
  }

  async #add(topic: TopicRecord, { needsConfirmation, ...given }: NewSubscription): Promise<SubscriptionRecord> {
    const own = this.ofTopic(topic);
    const existing = own.find((each) => each.protocol === given.protocol && each.endpoint === given.endpoint);
    if (existing !== undefined && !this.#isOver(existing)) {
      assertSame(existing, given.attributes);
      return existing;
    }
    if (existing !== undefined) await this.remove(existing);
    this.#assertRoom(topic);
    const { accountId, region, name } = topic;
    const record: SubscriptionRecord = {
      ...{ topic: { accountId, region, name }, topicId: topic.id, id: randomUUID() },
      ...given,
      createdAt: this.#deps.clock(),
      ...(needsConfirmation ? { token: randomBytes(64).toString('hex'), isPending: true } : {}),
    };
    await this.#subscriptions.change(record.topic, record.id, () => record);
    this.#index(record);
    return record;
  }

  #isOver({ isPending, createdAt }: SubscriptionRecord): boolean {
    return isPending === true && this.#deps.clock() > createdAt + TOKEN_MS;
  }

  #assertRoom(topic: TopicRecord): void {
    const ofTopic = this.#byTopic.get(topic.id)?.size ?? 0;
    const most = isFifo(topic) ? MOST_OF_FIFO_TOPIC : MOST_OF_TOPIC;
    if (ofTopic < most && this.#subscriptions.all().length < MOST_SUBSCRIPTIONS) return;
    throw new TopicError(
      'SubscriptionLimitExceeded',
      `A topic can have ${most} subscriptions, and all topics together ${MOST_SUBSCRIPTIONS}.`,
    );
  }

  #index(record: SubscriptionRecord): void {
    const own = this.#byTopic.get(record.topicId) ?? new Map<string, SubscriptionRecord>();
    own.set(record.id, record);
    this.#byTopic.set(record.topicId, own);
  }

  #drop({ topicId, id }: SubscriptionRecord): void {
    const own = this.#byTopic.get(topicId);
    own?.delete(id);
    if (own?.size === 0) this.#byTopic.delete(topicId);
  }
}

function assertSame(current: SubscriptionRecord, attributes: Attributes): void {
  const other = Object.keys(attributes).find((name) => attributes[name] !== current.attributes[name]);
  if (other === undefined) return;
  throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
}
