import type { PolicyDocument } from '../contract/policy-document.ts';
import { AWS_MANAGED_POLICIES } from './aws-managed-policies.ts';
import { IdentityError } from './identity-error.ts';
import type { PolicyHolder, PolicyRecord, PolicyVersionRecord, RoleRecord, UserRecord } from './identity-records.ts';
import type { IdentityStore } from './identity-store.ts';
import { assertPolicy, ParsedPolicies, POLICY_LENGTHS, policyLength } from './policy-texts.ts';

const MOST_VERSIONS = 5;

/** Policies that stand for themselves and are attached: AWS's and the account's own, by ARN. */
export class ManagedPolicies {
  readonly #store: IdentityStore;
  readonly #clock: () => number;
  readonly #parsed = new ParsedPolicies();

  constructor(store: IdentityStore, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  find(arn: string): PolicyRecord | undefined {
    return AWS_MANAGED_POLICIES.get(arn) ?? this.#store.policies.get(this.#store.scope, arn);
  }

  get(arn: string): PolicyRecord {
    return this.find(arn) ?? missing(arn);
  }

  /** AWS's and the account's own, each kind by ARN. */
  list(): { readonly aws: readonly PolicyRecord[]; readonly own: readonly PolicyRecord[] } {
    return { aws: [...AWS_MANAGED_POLICIES.values()], own: this.#store.policies.list(this.#store.scope) };
  }

  /** The default version; nothing when the policy is gone. */
  documentOf(arn: string): readonly PolicyDocument[] {
    const policy = this.find(arn);
    if (policy === undefined) return [];
    return this.#parsed.of(policy, 'identity', () => [versionOf(policy, policy.defaultVersion).document]);
  }

  /** Whom it is attached to. */
  holders(arn: string): { readonly roles: readonly RoleRecord[]; readonly users: readonly UserRecord[] } {
    const { roles, users, scope } = this.#store;
    const holds = ({ attached }: PolicyHolder): boolean => attached.includes(arn);
    return { roles: roles.list(scope).filter(holds), users: users.list(scope).filter(holds) };
  }

  /** How many roles and users it is attached to. */
  attachments(arn: string): number {
    const { roles, users } = this.holders(arn);
    return roles.length + users.length;
  }

  create(policy: Omit<PolicyRecord, 'versions' | 'defaultVersion'>, document: string): Promise<PolicyRecord> {
    assertDocument(document);
    const { arn, name } = policy;
    return this.#store.inTurn(async () => {
      const taken = this.list().own.some((each) => each.name.toLowerCase() === name.toLowerCase());
      if (taken) {
        throw new IdentityError(
          'EntityAlreadyExists',
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
        );
      }
      const first: PolicyVersionRecord = { id: 'v1', document, createdAt: policy.createdAt };
      return this.#store.policies.change(this.#store.scope, arn, () => ({
        ...policy,
        versions: [first],
        defaultVersion: 'v1',
      }));
    });
  }

  async delete(arn: string): Promise<void> {
    await this.#store.inTurn(async () => {
      this.#assertOwn(arn);
      if (this.attachments(arn) > 0) {
        throw new IdentityError('DeleteConflict', 'Cannot delete a policy attached to entities.');
      }
      if (this.get(arn).versions.length > 1) {
        throw new IdentityError(
          'DeleteConflict',
          'This policy has more than one version. Before you delete a policy, you must delete the policy versions other than the default.',
        );
      }
      await this.#store.policies.change(this.#store.scope, arn, () => undefined);
    });
  }

  version(arn: string, id: string): PolicyVersionRecord {
    return versionOf(this.get(arn), id);
  }

  /** Adds a version, with the number behind the highest. */
  async addVersion(arn: string, document: string, role: 'default' | 'spare'): Promise<PolicyVersionRecord> {
    assertDocument(document);
    const changed = await this.#change(arn, (policy) => {
      if (policy.versions.length >= MOST_VERSIONS) {
        throw new IdentityError(
          'LimitExceeded',
          `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
        );
      }
      const id = `v${Math.max(...policy.versions.map((each) => Number(each.id.slice(1)))) + 1}`;
      const version = { id, document, createdAt: this.#clock() };
      const defaultVersion = role === 'default' ? id : policy.defaultVersion;
      return { ...policy, versions: [...policy.versions, version], defaultVersion, updatedAt: version.createdAt };
    });
    return changed.versions.at(-1)!;
  }

  async setDefault(arn: string, id: string): Promise<void> {
    await this.#change(arn, (policy) => {
      versionOf(policy, id);
      return { ...policy, defaultVersion: id, updatedAt: this.#clock() };
    });
  }

  async deleteVersion(arn: string, id: string): Promise<void> {
    await this.#change(arn, (policy) => {
      versionOf(policy, id);
      if (policy.defaultVersion === id) {
        throw new IdentityError('DeleteConflict', 'Cannot delete the default version of a policy.');
      }
      return { ...policy, versions: policy.versions.filter((each) => each.id !== id) };
    });
  }

  async changeTags(arn: string, change: (tags: PolicyRecord['tags']) => PolicyRecord['tags']): Promise<void> {
    await this.#change(arn, (policy) => ({ ...policy, tags: change(policy.tags) }));
  }

  #change(arn: string, change: (policy: PolicyRecord) => PolicyRecord): Promise<PolicyRecord> {
    return this.#store.inTurn(() => {
      this.#assertOwn(arn);
      return this.#store.policies.change(this.#store.scope, arn, (current) => change(current ?? missing(arn)));
    });
  }

  #assertOwn(arn: string): void {
    if (!AWS_MANAGED_POLICIES.has(arn)) return;
    throw new IdentityError('InvalidInput', `The policy ${arn} belongs to AWS and cannot be changed.`);
  }
}

function versionOf(policy: PolicyRecord, id: string): PolicyVersionRecord {
  const version = policy.versions.find((each) => each.id === id);
  if (version !== undefined) return version;
  throw new IdentityError('NoSuchEntity', `Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
}

function assertDocument(document: string): void {
  assertPolicy(document, 'identity');
  if (policyLength(document) > POLICY_LENGTHS.managed) {
    throw new IdentityError('LimitExceeded', `Cannot exceed quota for PolicySize: ${POLICY_LENGTHS.managed}`);
  }
}

function missing(arn: string): never {
  throw new IdentityError('NoSuchEntity', `Policy ${arn} was not found.`);
}
