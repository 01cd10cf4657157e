import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Collection } from '../store/collection.ts';
import { IdentityError } from './identity-error.ts';
import type { PolicyHolder } from './identity-records.ts';
import type { IdentityStore } from './identity-store.ts';
import type { ManagedPolicies } from './managed-policies.ts';
import { assertPolicy, ParsedPolicies, POLICY_LENGTHS, policyLength } from './policy-texts.ts';

const MOST_ATTACHED = 10;

/** What roles and users share: names, tags, inline and attached policies. Throws IdentityErrors in IAM's words. */
export class PolicyHolders<Holder extends PolicyHolder> {
  readonly #kind: 'role' | 'user';
  readonly #holders: Collection<Holder>;
  readonly #builtIn: readonly Holder[];
  readonly #parsed = new ParsedPolicies();
  protected readonly store: IdentityStore;
  protected readonly policies: ManagedPolicies;

  constructor(parts: {
    readonly kind: 'role' | 'user';
    readonly holders: Collection<Holder>;
    /** Those that are there until a stored one of the same name takes their place. */
    readonly builtIn: readonly Holder[];
    readonly store: IdentityStore;
    readonly policies: ManagedPolicies;
  }) {
    this.#kind = parts.kind;
    this.#holders = parts.holders;
    this.#builtIn = parts.builtIn;
    this.store = parts.store;
    this.policies = parts.policies;
  }

  find(name: string): Holder | undefined {
    return this.#holders.get(this.store.scope, name) ?? this.#builtIn.find((each) => each.name === name);
  }

  get(name: string): Holder {
    return this.find(name) ?? this.#missing(name);
  }

  /** By name. */
  list(): readonly Holder[] {
    const stored = this.#holders.list(this.store.scope);
    const more = this.#builtIn.filter(({ name }) => stored.every((each) => each.name !== name));
    return [...stored, ...more].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What a holder's policies say: inline ones and the default versions of attached ones that still exist. */
  documentsOf(holder: Holder): readonly PolicyDocument[] {
    const inline = this.#parsed.of(holder, 'identity', () => Object.values(holder.inline));
    return [...inline, ...holder.attached.flatMap((arn) => this.policies.documentOf(arn))];
  }

  /** Names are taken whatever their case. */
  create(holder: Holder): Promise<Holder> {
    return this.store.inTurn(async () => {
      const taken = this.list().find(({ name }) => name.toLowerCase() === holder.name.toLowerCase());
      if (taken !== undefined) {
        throw new IdentityError('EntityAlreadyExists', `${this.#word} with name ${holder.name} already exists.`);
      }
      return this.#holders.change(this.store.scope, holder.name, () => holder);
    });
  }

  change(name: string, change: (holder: Holder) => Holder): Promise<Holder> {
    return this.store.inTurn(() =>
      this.#holders.change(this.store.scope, name, (current) =>
        change(current ?? this.#builtIn.find((each) => each.name === name) ?? this.#missing(name)),
      ),
    );
  }

  /** Refuses while there are policies, as IAM does, or what `assertFree` throws for. */
  async delete(name: string, assertFree: (holder: Holder) => void = () => undefined): Promise<void> {
    await this.store.inTurn(async () => {
      const holder = this.get(name);
      if (this.#builtIn.some((each) => each.name === name)) {
        throw new IdentityError('UnmodifiableEntity', `The ${this.#kind} ${name} is built in and cannot be deleted.`);
      }
      if (holder.attached.length > 0) {
        throw new IdentityError('DeleteConflict', 'Cannot delete entity, must detach all policies first.');
      }
      if (Object.keys(holder.inline).length > 0) {
        throw new IdentityError('DeleteConflict', 'Cannot delete entity, must delete policies first.');
      }
      assertFree(holder);
      await this.#holders.change(this.store.scope, name, () => undefined);
    });
  }

  async putInline(name: string, policyName: string, document: string): Promise<void> {
    assertPolicy(document, 'identity');
    await this.change(name, (holder) => {
      const inline = { ...holder.inline, [policyName]: document };
      const length = Object.values(inline).reduce((sum, text) => sum + policyLength(text), 0);
      if (length > POLICY_LENGTHS[this.#kind]) {
        const most = POLICY_LENGTHS[this.#kind];
        throw new IdentityError(
          'LimitExceeded',
          `Maximum policy size of ${most} bytes exceeded for ${this.#kind} ${name}`,
        );
      }
      return { ...holder, inline };
    });
  }

  inlineOf(name: string, policyName: string): string {
    const { inline } = this.get(name);
    const text = Object.hasOwn(inline, policyName) ? inline[policyName] : undefined;
    return text ?? this.#missingPolicy(policyName);
  }

  async deleteInline(name: string, policyName: string): Promise<void> {
    await this.change(name, (holder) => {
      if (!Object.hasOwn(holder.inline, policyName)) this.#missingPolicy(policyName);
      const inline = Object.fromEntries(Object.entries(holder.inline).filter(([each]) => each !== policyName));
      return { ...holder, inline };
    });
  }

  async attach(name: string, arn: string): Promise<void> {
    await this.change(name, (holder) => {
      if (this.policies.find(arn) === undefined) {
        throw new IdentityError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
      }
      if (holder.attached.includes(arn)) return holder;
      if (holder.attached.length >= MOST_ATTACHED) {
        throw new IdentityError('LimitExceeded', `Cannot exceed quota for PoliciesPer${this.#word}: ${MOST_ATTACHED}`);
      }
      return { ...holder, attached: [...holder.attached, arn] };
    });
  }

  async detach(name: string, arn: string): Promise<void> {
    await this.change(name, (holder) => {
      if (!holder.attached.includes(arn)) throw new IdentityError('NoSuchEntity', `Policy ${arn} was not found.`);
      return { ...holder, attached: holder.attached.filter((each) => each !== arn) };
    });
  }

  get #word(): string {
    return this.#kind === 'role' ? 'Role' : 'User';
  }

  #missing(name: string): never {
    throw new IdentityError('NoSuchEntity', `The ${this.#kind} with name ${name} cannot be found.`);
  }

  #missingPolicy(name: string): never {
    throw new IdentityError('NoSuchEntity', `The ${this.#kind} policy with name ${name} cannot be found.`);
  }
}
