import type { Scope } from '../contract/scope.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { Turns } from '../store/turns.ts';
import type { PolicyRecord, RoleRecord, UserRecord } from './identity-records.ts';

/** All identities of the account. IAM is global, so their region is none. Changes run one after another: one may look at another's kind. */
export class IdentityStore {
  readonly scope: Scope;
  readonly roles: Collection<RoleRecord>;
  readonly users: Collection<UserRecord>;
  readonly policies: Collection<PolicyRecord>;
  readonly #turns = new Turns();

  constructor(store: ResourceStore, accountId: string, changed?: () => void) {
    this.scope = { accountId, region: '' };
    this.roles = new Collection(store, 'role', changed);
    this.users = new Collection(store, 'user', changed);
    this.policies = new Collection(store, 'policy', changed);
  }

  get isOpen(): boolean {
    return this.roles.isOpen && this.users.isOpen && this.policies.isOpen;
  }

  async open(): Promise<void> {
    await Promise.all([this.roles.open(), this.users.open(), this.policies.open()]);
  }

  inTurn<T>(change: () => Promise<T>): Promise<T> {
    return this.#turns.take('', async () => {
      await this.open();
      return change();
    });
  }
}
