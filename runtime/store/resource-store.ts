import type { Scope } from '../contract/scope.ts';

/** Names a resource among those of its kind; what is global to an account has the region ''. */
export interface ResourceKey extends Scope {
  readonly id: string;
}

/** A resource that belongs to no function, as the store keeps it: a plain JSON value. */
export interface StoredResource<Resource> extends ResourceKey {
  readonly resource: Resource;
}

/**
 * Durable resources of an account and region that belong to no function: layers, mappings, roles. Every method is one
 * transaction: when its promise resolves the change survives a crash, and a crash before that leaves the old state.
 */
export interface ResourceStore {
  /** Every resource of a kind, by account, region and id. */
  list<Resource>(kind: string): Promise<readonly StoredResource<Resource>[]>;

  /** Adds the resource, or replaces the one with this key. */
  put<Resource>(kind: string, stored: StoredResource<Resource>): Promise<void>;

  delete(kind: string, key: ResourceKey): Promise<'deleted' | 'missing'>;
}
