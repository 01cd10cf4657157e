import type { Scope } from '../contract/scope.ts';
import type { ResourceKey, ResourceStore, StoredResource } from './resource-store.ts';
import { Turns } from './turns.ts';

/**
 * The resources of one kind in memory, read when they are first asked for. Looking is synchronous after `open`; changes
 * of one resource run one after another, and each is stored before anyone sees it.
 */
export class Collection<Resource> {
  readonly #store: ResourceStore;
  readonly #kind: string;
  readonly #resources = new Map<string, StoredResource<Resource>>();
  readonly #changed: () => void;
  readonly #turns = new Turns();
  #opening: Promise<void> | undefined;
  #open = false;

  /** `changed` is told when a change can be seen, before whoever made it. */
  constructor(store: ResourceStore, kind: string, changed: () => void = () => undefined) {
    this.#store = store;
    this.#kind = kind;
    this.#changed = changed;
  }

  /** True when everything is in memory. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Resolves when everything is in memory; to be awaited before everything below. */
  open(): Promise<void> {
    this.#opening ??= this.#read().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  get(scope: Scope, id: string): Resource | undefined {
    return this.#resources.get(idOf({ ...scope, id }))?.resource;
  }

  /** The scope's resources, by id. */
  list(scope: Scope): readonly Resource[] {
    return [...this.#resources.values()]
      .filter(({ accountId, region }) => accountId === scope.accountId && region === scope.region)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ resource }) => resource);
  }

  /** The resources of every account and region. */
  all(): readonly Resource[] {
    return [...this.#resources.values()].map(({ resource }) => resource);
  }

  /**
   * Replaces a resource by what `change` makes of it: undefined stands for none, before and after. What `change` throws
   * is thrown here, and nothing has changed then.
   */
  change<Changed extends Resource | undefined>(
    scope: Scope,
    id: string,
    change: (current: Resource | undefined) => Changed,
  ): Promise<Changed> {
    const key = { accountId: scope.accountId, region: scope.region, id };
    return this.#turns.take(idOf(key), () => this.#change(key, change));
  }

  async #change<Changed extends Resource | undefined>(
    key: ResourceKey,
    change: (current: Resource | undefined) => Changed,
  ): Promise<Changed> {
    await this.open();
    const name = idOf(key);
    const next = change(this.#resources.get(name)?.resource);
    if (next === undefined) {
      await this.#store.delete(this.#kind, key);
      this.#resources.delete(name);
    } else {
      const stored = { ...key, resource: next as Resource };
      await this.#store.put(this.#kind, stored);
      this.#resources.set(name, stored);
    }
    this.#changed();
    return next;
  }

  async #read(): Promise<void> {
    for (const stored of await this.#store.list<Resource>(this.#kind)) this.#resources.set(idOf(stored), stored);
    this.#open = true;
  }
}

function idOf({ accountId, region, id }: ResourceKey): string {
  return `${accountId}/${region}/${id}`;
}
