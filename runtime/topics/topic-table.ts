import { randomBytes } from 'node:crypto';
import type { AccountGrant } from '../contract/account-grant.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { withTopicAttributes } from './topic-attributes.ts';
import { invalidParameter, noSuchTopic, TopicError } from './topic-error.ts';
import { toDefaultPolicy, withGrant, withoutGrant } from './topic-policy.ts';
import { type Attributes, isFifo, type TopicKey, type TopicRecord, toTopicArn } from './topic-record.ts';
import { type Tags, withoutTags, withTags } from './topic-tags.ts';

export interface TopicTableDeps {
  readonly resources: ResourceStore;
  /** Throws for what is no policy of a resource. */
  readonly parsePolicy: (text: string) => PolicyDocument;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Topics of one account and region. */
const MOST_TOPICS = 10_000;

type TagList = readonly { readonly key: string; readonly value: string }[];

/** The topics that there are, and what was set of them. Methods throw TopicErrors. To be opened before anything else. */
export class TopicTable {
  readonly #deps: TopicTableDeps;
  readonly #topics: Collection<TopicRecord>;

  constructor(deps: TopicTableDeps) {
    this.#deps = deps;
    this.#topics = new Collection(deps.resources, 'topic');
  }

  open(): Promise<void> {
    return this.#topics.open();
  }

  get(key: TopicKey): TopicRecord {
    const record = this.find(key);
    if (record === undefined) throw noSuchTopic();
    return record;
  }

  find(key: TopicKey): TopicRecord | undefined {
    return this.#topics.get(key, key.name);
  }

  /** By name. */
  list(scope: Scope): readonly TopicRecord[] {
    return this.#topics.list(scope);
  }

  /** One that exists already is answered as it is, when it has the attributes and tags that were given. */
  async create(key: TopicKey, attributes: Attributes, tags: TagList): Promise<TopicRecord> {
    assertName(key.name, attributes.FifoTopic === 'true');
    const { FifoTopic, ...others } = withTopicAttributes({}, attributes, { isFifo: isFifo(key), isNew: true });
    this.#assertPolicy(others, 'Attributes Reason: Policy: ');
    const given = withTags({}, tags);
    return this.#topics.change(key, key.name, (current) => {
      if (current !== undefined) {
        assertSame(current, others, given);
        return current;
      }
      if (this.list(key).length >= MOST_TOPICS) {
        throw new TopicError(
          'TopicLimitExceeded',
          `There are ${MOST_TOPICS} topics in this account and region already.`,
        );
      }
      const { accountId, region, name } = key;
      const id = randomBytes(9).toString('base64url');
      const record = { accountId, region, name, id, createdAt: this.#deps.clock() };
      return { ...record, attributes: others, tags: given, deletedSubscriptions: 0 };
    });
  }

  setAttribute(key: TopicKey, name: string, value: string): Promise<TopicRecord> {
    return this.#change(key, (current) => {
      const given = { [name]: value };
      const attributes = withTopicAttributes(current.attributes, given, { isFifo: isFifo(key), isNew: false });
      if (name === 'Policy') this.#assertPolicy(attributes, 'Policy Error: ');
      return { ...current, attributes };
    });
  }

  /** Answers what was deleted; undefined when there was none. */
  async delete(key: TopicKey): Promise<TopicRecord | undefined> {
    let deleted: TopicRecord | undefined;
    await this.#topics.change(key, key.name, (current) => {
      deleted = current;
      return undefined;
    });
    return deleted;
  }

  async tag(key: TopicKey, tags: TagList): Promise<void> {
    await this.#change(key, (current) => ({ ...current, tags: withTags(current.tags, tags) }));
  }

  async untag(key: TopicKey, keys: readonly string[]): Promise<void> {
    await this.#change(key, (current) => ({ ...current, tags: withoutTags(current.tags, keys) }));
  }

  grant(key: TopicKey, grant: AccountGrant): Promise<TopicRecord> {
    return this.#changePolicy(key, (policy) => withGrant(policy, grant, toTopicArn(key)));
  }

  revoke(key: TopicKey, label: string): Promise<TopicRecord> {
    return this.#changePolicy(key, (policy) => withoutGrant(policy, label));
  }

  async countDeleted(key: TopicKey): Promise<void> {
    await this.#topics.change(key, key.name, (current) =>
      current === undefined ? current : { ...current, deletedSubscriptions: current.deletedSubscriptions + 1 },
    );
  }

  /** What the topic's own policy says; undefined when there is no such topic. */
  policyOf(key: TopicKey): PolicyDocument | undefined {
    const record = this.find(key);
    return record && this.#policyOf(record);
  }

  #policyOf({ attributes: { Policy: policy }, ...key }: TopicRecord): PolicyDocument {
    return policy === undefined ? toDefaultPolicy(toTopicArn(key), key.accountId) : this.#deps.parsePolicy(policy);
  }

  #change(key: TopicKey, change: (current: TopicRecord) => TopicRecord): Promise<TopicRecord> {
    return this.#topics.change(key, key.name, (current) => {
      if (current === undefined) throw noSuchTopic();
      return change(current);
    });
  }

  #changePolicy(key: TopicKey, change: (policy: PolicyDocument) => string): Promise<TopicRecord> {
    return this.#change(key, (current) => {
      const given = { Policy: change(this.#policyOf(current)) };
      const attributes = withTopicAttributes(current.attributes, given, { isFifo: isFifo(key), isNew: false });
      return { ...current, attributes };
    });
  }

  #assertPolicy({ Policy: policy }: Attributes, where: string): void {
    if (policy === undefined) return;
    try {
      this.#deps.parsePolicy(policy);
    } catch (error) {
      throw invalidParameter(`${where}${(error as Error).message}`);
    }
  }
}

function assertName(name: string, saysFifo: boolean): void {
  if (saysFifo && !(/^[\w-]+\.fifo$/.test(name) && name.length <= 256)) {
    throw invalidParameter(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    );
  }
  if (!saysFifo && !/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
}

function assertSame(current: TopicRecord, attributes: Attributes, tags: Tags): void {
  const other = Object.keys(attributes).find((name) => attributes[name] !== current.attributes[name]);
  if (other !== undefined) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  }
  const otherTag = Object.keys(tags).find((key) => tags[key] !== current.tags[key]);
  if (otherTag !== undefined) throw invalidParameter('Tags Reason: Topic already exists with different tags');
}
