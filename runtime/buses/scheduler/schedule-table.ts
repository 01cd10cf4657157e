import type { Scope } from '../../contract/scope.ts';
import { Collection } from '../../store/collection.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { BusError } from '../bus-error.ts';
import {
  DEFAULT_GROUP,
  type GroupKey,
  type GroupRecord,
  type ScheduleKey,
  type ScheduleRecord,
  type ScheduleSettings,
} from './schedule-record.ts';

export interface ScheduleTableDeps {
  readonly resources: ResourceStore;
  /** Told of a change that can be seen, before whoever made it. */
  readonly changed: () => void;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Of one account and region: what is due is looked for among all of them. */
const MOST_SCHEDULES = 10_000;
const MOST_GROUPS = 500;

/** EventBridge Scheduler's schedules and their groups. Methods throw BusErrors. To be opened before anything else. */
export class ScheduleTable {
  readonly #clock: () => number;
  readonly #schedules: Collection<ScheduleRecord>;
  readonly #groups: Collection<GroupRecord>;

  constructor({ resources, changed, clock }: ScheduleTableDeps) {
    this.#clock = clock;
    this.#schedules = new Collection(resources, 'schedule', changed);
    this.#groups = new Collection(resources, 'schedule-group');
  }

  async open(): Promise<void> {
    await Promise.all([this.#schedules.open(), this.#groups.open()]);
  }

  get(key: ScheduleKey): ScheduleRecord {
    const found = this.#schedules.get(key, idOf(key));
    if (found === undefined) throw missing(`Schedule ${key.name} does not exist.`);
    return found;
  }

  /** Of every account and region. */
  all(): readonly ScheduleRecord[] {
    return this.#schedules.all();
  }

  list(scope: Scope): readonly ScheduleRecord[] {
    return this.#schedules.list(scope);
  }

  create(key: ScheduleKey, settings: ScheduleSettings): Promise<ScheduleRecord> {
    return this.#schedules.change(key, idOf(key), (current) => {
      this.group({ ...key, name: key.group });
      if (current !== undefined) throw conflict(`Schedule ${key.name} already exists.`);
      if (this.list(key).length >= MOST_SCHEDULES) throw full();
      const now = this.#clock();
      return { ...key, ...settings, createdAt: now, modifiedAt: now, scheduledAt: now, activeSince: now };
    });
  }

  /** What is not said is not kept. */
  update(key: ScheduleKey, settings: ScheduleSettings): Promise<ScheduleRecord> {
    return this.#schedules.change(key, idOf(key), (current) => {
      if (current === undefined) throw missing(`Schedule ${key.name} does not exist.`);
      const now = this.#clock();
      const { createdAt, expression, timezone, startAt } = current;
      const isSame =
        expression === settings.expression && timezone === settings.timezone && startAt === settings.startAt;
      const isStillOn = isSame && current.state === 'ENABLED';
      return {
        ...{ ...key, ...settings, createdAt, modifiedAt: now },
        scheduledAt: isSame ? current.scheduledAt : now,
        activeSince: isStillOn ? current.activeSince : now,
      };
    });
  }

  async delete(key: ScheduleKey): Promise<void> {
    await this.#schedules.change(key, idOf(key), (current) => {
      if (current === undefined) throw missing(`Schedule ${key.name} does not exist.`);
      return undefined;
    });
  }

  group(key: GroupKey): GroupRecord {
    const { region, accountId, name } = key;
    const found = this.#groups.get(key, name);
    if (found !== undefined) return found;
    if (name === DEFAULT_GROUP) return { region, accountId, name, createdAt: 0 };
    throw missing(`Schedule group ${name} does not exist.`);
  }

  /** By name. */
  groups(scope: Scope): readonly GroupRecord[] {
    const others = this.#groups.list(scope).filter(({ name }) => name !== DEFAULT_GROUP);
    return [...others, this.group({ ...scope, name: DEFAULT_GROUP })].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  createGroup({ region, accountId, name }: GroupKey, tags: GroupRecord['tags'] = {}): Promise<GroupRecord> {
    return this.#groups.change({ region, accountId }, name, (current) => {
      if (current !== undefined || name === DEFAULT_GROUP) throw conflict(`Schedule group ${name} already exists.`);
      if (this.groups({ region, accountId }).length >= MOST_GROUPS) throw full();
      return { region, accountId, name, createdAt: this.#clock(), tags };
    });
  }

  async tagGroup(
    key: GroupKey,
    change: (tags: NonNullable<GroupRecord['tags']>) => GroupRecord['tags'],
  ): Promise<void> {
    const { region, accountId, name } = key;
    await this.#groups.change({ region, accountId }, name, () => {
      const group = this.group(key);
      return { ...group, tags: change(group.tags ?? {}) ?? {} };
    });
  }

  /** With all that is in it. */
  async deleteGroup(key: GroupKey): Promise<readonly ScheduleRecord[]> {
    this.group(key);
    if (key.name === DEFAULT_GROUP) throw new BusError('ValidationException', 'The default group cannot be deleted.');
    const inside = this.list(key).filter(({ group }) => group === key.name);
    for (const schedule of inside) await this.#schedules.change(key, idOf(schedule), () => undefined);
    await this.#groups.change(key, key.name, () => undefined);
    return inside;
  }
}

function idOf({ group, name }: ScheduleKey): string {
  return `${group}/${name}`;
}

function missing(message: string): BusError {
  return new BusError('ResourceNotFoundException', message);
}

function conflict(message: string): BusError {
  return new BusError('ConflictException', message);
}

function full(): BusError {
  return new BusError('ServiceQuotaExceededException', 'There are as many of them as there may be.');
}
