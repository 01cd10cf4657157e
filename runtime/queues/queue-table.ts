import { randomBytes } from 'node:crypto';
import type { AccountGrant } from '../contract/account-grant.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { inForce, withAttributes } from './queue-attributes.ts';
import { invalidParameter, noSuchQueue, QueueError } from './queue-error.ts';
import { withGrant, withoutGrant } from './queue-policy.ts';
import { isFifo, type QueueAttributes, type QueueKey, type QueueRecord, toQueueArn } from './queue-record.ts';
import { assertDeadLetterTarget, parseRedrivePolicy } from './redrive-policy.ts';

export interface QueueTableDeps {
  readonly resources: ResourceStore;
  /** Throws for what is no policy of a resource. */
  readonly parsePolicy: (text: string) => PolicyDocument;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** What SQS allows. */
const MOST_TAGS = 50;
/** Queues of one account and region: each keeps some memory once it is used. */
const MOST_QUEUES = 10_000;

/** The queues that there are, and what was set of them. Methods throw QueueErrors. To be opened before anything else. */
export class QueueTable {
  readonly #deps: QueueTableDeps;
  readonly #queues: Collection<QueueRecord>;

  constructor(deps: QueueTableDeps) {
    this.#deps = deps;
    this.#queues = new Collection(deps.resources, 'queue');
  }

  open(): Promise<void> {
    return this.#queues.open();
  }

  get(key: QueueKey): QueueRecord {
    const record = this.#queues.get(key, key.name);
    if (record === undefined) throw noSuchQueue();
    return record;
  }

  find(key: QueueKey): QueueRecord | undefined {
    return this.#queues.get(key, key.name);
  }

  /** By name. */
  list(scope: Scope): readonly QueueRecord[] {
    return this.#queues.list(scope);
  }

  /** Of every account and region. */
  all(): readonly QueueRecord[] {
    return this.#queues.all();
  }

  /** One that exists already is answered as it is, when it has the attributes that were given. */
  async create(
    key: QueueKey,
    attributes: QueueAttributes,
    tags: Readonly<Record<string, string>>,
  ): Promise<QueueRecord> {
    assertName(key.name, attributes.FifoQueue === 'true');
    const next = withAttributes({}, attributes, { isFifo: isFifo(key), isNew: true });
    this.#assertTargets(key, next, attributes);
    return this.#queues.change(key, key.name, (current) => {
      if (current !== undefined) {
        assertSame(current, attributes);
        return current;
      }
      if (this.list(key).length >= MOST_QUEUES) {
        throw new QueueError('OverLimit', `There are ${MOST_QUEUES} queues in this account and region already.`);
      }
      const now = this.#deps.clock();
      const { accountId, region, name } = key;
      const id = randomBytes(9).toString('base64url');
      return {
        ...{ accountId, region, name, id },
        ...{ createdAt: now, modifiedAt: now, attributes: next, tags: withTags({}, tags) },
      };
    });
  }

  setAttributes(key: QueueKey, attributes: QueueAttributes): Promise<QueueRecord> {
    return this.#change(key, (current) => {
      const next = withAttributes(current.attributes, attributes, { isFifo: isFifo(key), isNew: false });
      this.#assertTargets(key, next, attributes);
      return { ...current, attributes: next, modifiedAt: this.#deps.clock() };
    });
  }

  /** Answers what was deleted. */
  async delete(key: QueueKey): Promise<QueueRecord> {
    let deleted: QueueRecord | undefined;
    await this.#queues.change(key, key.name, (current) => {
      if (current === undefined) throw noSuchQueue();
      deleted = current;
      return undefined;
    });
    return deleted as QueueRecord;
  }

  async tag(key: QueueKey, tags: Readonly<Record<string, string>>): Promise<void> {
    await this.#change(key, (current) => ({ ...current, tags: withTags(current.tags, tags) }));
  }

  async untag(key: QueueKey, names: readonly string[]): Promise<void> {
    await this.#change(key, (current) => {
      const left = Object.entries(current.tags).filter(([name]) => !names.includes(name));
      return { ...current, tags: Object.fromEntries(left) };
    });
  }

  grant(key: QueueKey, grant: AccountGrant): Promise<QueueRecord> {
    return this.#changePolicy(key, (policy) => withGrant(policy, grant, toQueueArn(key)));
  }

  revoke(key: QueueKey, label: string): Promise<QueueRecord> {
    return this.#changePolicy(key, (policy) => withoutGrant(policy, label));
  }

  /** What the queue's own policy says; undefined when it has none, or there is no such queue. */
  policyOf(key: QueueKey): PolicyDocument | undefined {
    const policy = this.find(key)?.attributes.Policy;
    return policy === undefined ? undefined : this.#deps.parsePolicy(policy);
  }

  /** The queues whose dead letters go to this one, by name. */
  sourcesOf(key: QueueKey): readonly QueueRecord[] {
    return this.list(key).filter(({ attributes: { RedrivePolicy: policy } }) => {
      return policy !== undefined && toQueueArn(parseRedrivePolicy(policy).target) === toQueueArn(key);
    });
  }

  #change(key: QueueKey, change: (current: QueueRecord) => QueueRecord): Promise<QueueRecord> {
    return this.#queues.change(key, key.name, (current) => {
      if (current === undefined) throw noSuchQueue();
      return change(current);
    });
  }

  #changePolicy(key: QueueKey, change: (policy: PolicyDocument | undefined) => string): Promise<QueueRecord> {
    return this.#change(key, (current) => {
      const policy = current.attributes.Policy;
      const Policy = change(policy === undefined ? undefined : this.#deps.parsePolicy(policy));
      const attributes = withAttributes(current.attributes, { Policy }, { isFifo: isFifo(key), isNew: false });
      return { ...current, attributes, modifiedAt: this.#deps.clock() };
    });
  }

  /** What attributes name must be there, and must be what it is to be; only those that were given are looked at. */
  #assertTargets(key: QueueKey, { Policy, RedrivePolicy }: QueueAttributes, given: QueueAttributes): void {
    if (given.RedrivePolicy && RedrivePolicy !== undefined) {
      assertDeadLetterTarget(key, RedrivePolicy, this.find(parseRedrivePolicy(RedrivePolicy).target));
    }
    if (!given.Policy || Policy === undefined) return;
    try {
      this.#deps.parsePolicy(Policy);
    } catch {
      throw new QueueError('InvalidAttributeValue', 'Invalid value for the parameter Policy.');
    }
  }
}

function assertName(name: string, saysFifo: boolean): void {
  if (saysFifo && !(/^[\w-]+\.fifo$/.test(name) && name.length <= 80)) {
    throw new QueueError(
      'InvalidParameterValue',
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
    );
  }
  if (!saysFifo && !/^[\w-]{1,80}$/.test(name)) {
    throw new QueueError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
}

function assertSame(current: QueueRecord, given: QueueAttributes): void {
  const own = inForce(current.attributes, isFifo(current));
  const other = Object.keys(given).find((name) => (given[name] || undefined) !== own[name]);
  if (other === undefined) return;
  throw new QueueError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${other}`,
  );
}

function withTags(
  current: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(given)) {
    if (name.length < 1 || name.length > 128) throw invalidParameter(name, 'TagKey', 'Must be 1 to 128 characters.');
    if (value.length > 256) throw invalidParameter(value, 'TagValue', 'Must be 256 characters at the most.');
  }
  const tags = Object.fromEntries([...Object.entries(current), ...Object.entries(given)]);
  if (Object.keys(tags).length > MOST_TAGS) {
    throw new QueueError('InvalidParameterValue', `Too many tags added: ${MOST_TAGS} are allowed.`);
  }
  return tags;
}
