import { randomBytes } from 'node:crypto';
import type { Scope } from '../contract/scope.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { constraint, LogError } from './log-error.ts';
import { assertGroupName, type LogGroupKey, type LogGroupRecord, type SubscriptionFilter } from './log-group.ts';

/** Groups of one account and region: each has a folder. */
const MOST_GROUPS = 10_000;
const MOST_TAGS = 50;
/** What CloudWatch Logs allows a group. */
const MOST_FILTERS = 2;
const RETENTION_DAYS: readonly number[] = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827],
  ...[2_192, 2_557, 2_922, 3_288, 3_653],
];

/** The log groups that there are, and what was set of them. Methods throw LogErrors. To be opened before anything else. */
export class LogGroups {
  readonly #groups: Collection<LogGroupRecord>;
  readonly #clock: () => number;

  constructor(resources: ResourceStore, clock: () => number) {
    this.#groups = new Collection(resources, 'log-group');
    this.#clock = clock;
  }

  open(): Promise<void> {
    return this.#groups.open();
  }

  find(key: LogGroupKey): LogGroupRecord | undefined {
    return this.#groups.get(key, key.name);
  }

  get(key: LogGroupKey): LogGroupRecord {
    return this.find(key) ?? missing();
  }

  /** By name. */
  list(scope: Scope): readonly LogGroupRecord[] {
    return this.#groups.list(scope);
  }

  /** Of every account and region. */
  all(): readonly LogGroupRecord[] {
    return this.#groups.all();
  }

  async create(key: LogGroupKey, tags: Readonly<Record<string, string>> = {}): Promise<LogGroupRecord> {
    return this.#create(key, tags, () => {
      throw new LogError('ResourceAlreadyExistsException', 'The specified log group already exists');
    });
  }

  /** One that is there is answered as it is. */
  async ensure(key: LogGroupKey): Promise<LogGroupRecord> {
    return this.find(key) ?? this.#create(key, {}, (current) => current);
  }

  /** Answers what was deleted. */
  async delete(key: LogGroupKey): Promise<LogGroupRecord> {
    let deleted: LogGroupRecord | undefined;
    await this.#groups.change(key, key.name, (current) => {
      deleted = current ?? missing();
      return undefined;
    });
    return deleted as LogGroupRecord;
  }

  /** Undefined: for as long as there is room. */
  async setRetention(key: LogGroupKey, days: number | undefined): Promise<LogGroupRecord> {
    if (days !== undefined && !RETENTION_DAYS.includes(days)) {
      throw constraint(days, 'retentionInDays', `satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`);
    }
    return this.#change(key, ({ retentionDays: _, ...rest }) =>
      days === undefined ? rest : { ...rest, retentionDays: days },
    );
  }

  async tag(key: LogGroupKey, tags: Readonly<Record<string, string>>): Promise<void> {
    await this.#change(key, (current) => ({ ...current, tags: withTags(current.tags, tags) }));
  }

  async untag(key: LogGroupKey, names: readonly string[]): Promise<void> {
    await this.#change(key, (current) => {
      const left = Object.entries(current.tags).filter(([name]) => !names.includes(name));
      return { ...current, tags: Object.fromEntries(left) };
    });
  }

  async putFilter(key: LogGroupKey, filter: Omit<SubscriptionFilter, 'createdAt'>): Promise<void> {
    await this.#change(key, (current) => {
      const others = current.filters.filter(({ name }) => name !== filter.name);
      if (others.length >= MOST_FILTERS) throw new LogError('LimitExceededException', 'Resource limit exceeded.');
      return { ...current, filters: [...others, { ...filter, createdAt: this.#clock() }] };
    });
  }

  async deleteFilter(key: LogGroupKey, name: string): Promise<void> {
    await this.#change(key, (current) => {
      const filters = current.filters.filter((filter) => filter.name !== name);
      if (filters.length === current.filters.length) {
        throw new LogError('ResourceNotFoundException', 'The specified subscription filter does not exist.');
      }
      return { ...current, filters };
    });
  }

  #create(
    key: LogGroupKey,
    tags: Readonly<Record<string, string>>,
    found: (current: LogGroupRecord) => LogGroupRecord,
  ): Promise<LogGroupRecord> {
    assertGroupName(key.name);
    const { accountId, region, name } = key;
    return this.#groups.change(key, name, (current) => {
      if (current !== undefined) return found(current);
      if (this.list(key).length >= MOST_GROUPS)
        throw new LogError('LimitExceededException', 'Resource limit exceeded.');
      const id = randomBytes(9).toString('base64url');
      return { accountId, region, name, id, createdAt: this.#clock(), tags: withTags({}, tags), filters: [] };
    });
  }

  #change(key: LogGroupKey, change: (current: LogGroupRecord) => LogGroupRecord): Promise<LogGroupRecord> {
    return this.#groups.change(key, key.name, (current) => change(current ?? missing()));
  }
}

export function noSuchStream(): LogError {
  return new LogError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

function missing(): never {
  throw new LogError('ResourceNotFoundException', 'The specified log group does not exist.');
}

function withTags(
  current: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(given)) {
    if (name.length < 1 || name.length > 128) throw constraint(name, 'tags', 'have length between 1 and 128');
    if (value.length > 256) throw constraint(value, 'tags', 'have length less than or equal to 256');
  }
  const tags = Object.fromEntries([...Object.entries(current), ...Object.entries(given)]);
  if (Object.keys(tags).length > MOST_TAGS) {
    throw new LogError('TooManyTagsException', `A resource can have ${MOST_TAGS} tags at the most.`);
  }
  return tags;
}
