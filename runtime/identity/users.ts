import type { Cipher } from '../store/cipher.ts';
import { IdentityError } from './identity-error.ts';
import type { AccessKeyRecord, UserRecord } from './identity-records.ts';
import type { IdentityStore } from './identity-store.ts';
import type { ManagedPolicies } from './managed-policies.ts';
import { PolicyHolders } from './policy-holders.ts';
import { createAccessKeyId, createSecretAccessKey } from './unique-id.ts';

const MOST_KEYS = 2;

export interface UserKey {
  readonly user: UserRecord;
  readonly key: AccessKeyRecord;
}

export class Users extends PolicyHolders<UserRecord> {
  readonly #cipher: Cipher;
  readonly #clock: () => number;
  /** Made anew at the first look after a change. */
  #byKey: ReadonlyMap<string, UserKey> | undefined;

  constructor(parts: {
    readonly store: IdentityStore;
    readonly policies: ManagedPolicies;
    readonly cipher: Cipher;
    readonly clock: () => number;
  }) {
    super({ kind: 'user', holders: parts.store.users, builtIn: [], store: parts.store, policies: parts.policies });
    this.#cipher = parts.cipher;
    this.#clock = parts.clock;
  }

  override async change(name: string, change: (user: UserRecord) => UserRecord): Promise<UserRecord> {
    const changed = await super.change(name, change);
    this.#byKey = undefined;
    return changed;
  }

  /** A user who has keys stays, so that no key is left to look up. */
  override delete(name: string): Promise<void> {
    return super.delete(name, ({ keys }) => {
      if (keys.length > 0) {
        throw new IdentityError('DeleteConflict', 'Cannot delete entity, must delete access keys first.');
      }
    });
  }

  /** Makes a key; its secret is told this once. */
  async createKey(name: string): Promise<{ readonly key: AccessKeyRecord; readonly secret: string }> {
    const secret = createSecretAccessKey();
    const accessKeyId = createAccessKeyId();
    const key: AccessKeyRecord = {
      accessKeyId,
      secret: this.#cipher.seal(secret, 'access-key', accessKeyId),
      status: 'Active',
      createdAt: this.#clock(),
    };
    await this.change(name, (user) => {
      if (user.keys.length >= MOST_KEYS) {
        throw new IdentityError('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${MOST_KEYS}`);
      }
      return { ...user, keys: [...user.keys, key] };
    });
    return { key, secret };
  }

  async setKeyStatus(name: string, accessKeyId: string, status: AccessKeyRecord['status']): Promise<void> {
    await this.change(name, (user) => {
      keyOf(user, accessKeyId);
      return {
        ...user,
        keys: user.keys.map((key) => (key.accessKeyId === accessKeyId ? { ...key, status } : key)),
      };
    });
  }

  async deleteKey(name: string, accessKeyId: string): Promise<void> {
    await this.change(name, (user) => {
      keyOf(user, accessKeyId);
      return { ...user, keys: user.keys.filter((key) => key.accessKeyId !== accessKeyId) };
    });
  }

  /** Whose key it is; undefined when nobody has it. */
  findKey(accessKeyId: string): UserKey | undefined {
    this.#byKey ??= new Map(
      this.list().flatMap((user) => user.keys.map((key) => [key.accessKeyId, { user, key }] as const)),
    );
    return this.#byKey.get(accessKeyId);
  }

  secretOf({ accessKeyId, secret }: AccessKeyRecord): string {
    return this.#cipher.unseal(secret, 'access-key', accessKeyId);
  }
}

function keyOf(user: UserRecord, accessKeyId: string): AccessKeyRecord {
  const key = user.keys.find((each) => each.accessKeyId === accessKeyId);
  if (key !== undefined) return key;
  throw new IdentityError('NoSuchEntity', `The Access Key with id ${accessKeyId} cannot be found.`);
}
