import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { BusError, invalid, noSuchBus, tooMany } from './bus-error.ts';
import { type BusKey, type BusRecord, DEFAULT_BUS } from './rule-record.ts';

export interface BusTableDeps {
  readonly resources: ResourceStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Of one account and region. */
const MOST_BUSES = 100;

/** The event buses that there are: one is always there. Methods throw BusErrors. To be opened before anything else. */
export class BusTable {
  readonly #deps: BusTableDeps;
  readonly #buses: Collection<BusRecord>;

  constructor(deps: BusTableDeps) {
    this.#deps = deps;
    this.#buses = new Collection(deps.resources, 'event-bus');
  }

  open(): Promise<void> {
    return this.#buses.open();
  }

  get(key: BusKey): BusRecord {
    const found = this.find(key);
    if (found === undefined) throw noSuchBus(key.name);
    return found;
  }

  find(key: BusKey): BusRecord | undefined {
    return this.#buses.get(key, key.name) ?? (key.name === DEFAULT_BUS ? defaultOf(key) : undefined);
  }

  /** By name. */
  list(scope: Scope): readonly BusRecord[] {
    const stored = this.#buses.list(scope);
    if (stored.some(({ name }) => name === DEFAULT_BUS)) return stored;
    return [...stored, defaultOf(scope)].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  create(key: BusKey, more: Pick<BusRecord, 'description' | 'tags'>): Promise<BusRecord> {
    return this.#buses.change(key, key.name, (current) => {
      if (current !== undefined || key.name === DEFAULT_BUS) {
        throw new BusError('ResourceAlreadyExistsException', `Event bus ${key.name} already exists.`);
      }
      if (this.list(key).length >= MOST_BUSES) throw tooMany();
      const now = this.#deps.clock();
      const { region, accountId, name } = key;
      return { ...{ region, accountId, name }, ...more, createdAt: now, modifiedAt: now };
    });
  }

  describe(key: BusKey, description: string | undefined): Promise<BusRecord> {
    return this.#change(key, ({ description: _, ...bus }) => ({
      ...bus,
      ...(description === undefined ? {} : { description }),
    }));
  }

  tag(key: BusKey, change: (tags: BusRecord['tags']) => BusRecord['tags']): Promise<BusRecord> {
    return this.#change(key, (bus) => ({ ...bus, tags: change(bus.tags) }));
  }

  /** Undefined takes the policy away. */
  setPolicy(
    key: BusKey,
    change: (policy: PolicyDocument | undefined) => PolicyDocument | undefined,
  ): Promise<BusRecord> {
    return this.#change(key, ({ policy: current, ...bus }) => {
      const policy = change(current);
      return { ...bus, ...(policy === undefined ? {} : { policy }) };
    });
  }

  /** One that does not exist is deleted already. */
  async delete(key: BusKey): Promise<void> {
    if (key.name === DEFAULT_BUS) throw invalid(`Cannot delete event bus ${DEFAULT_BUS}.`);
    await this.#buses.change(key, key.name, () => undefined);
  }

  #change(key: BusKey, change: (bus: BusRecord) => BusRecord): Promise<BusRecord> {
    return this.#buses.change(key, key.name, (current) => {
      const bus = current ?? (key.name === DEFAULT_BUS ? defaultOf(key) : undefined);
      if (bus === undefined) throw noSuchBus(key.name);
      return { ...change(bus), modifiedAt: this.#deps.clock() };
    });
  }
}

function defaultOf({ region, accountId }: Scope): BusRecord {
  return { region, accountId, name: DEFAULT_BUS, tags: {}, createdAt: 0, modifiedAt: 0 };
}
