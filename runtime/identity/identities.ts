import type {
  ConditionContext,
  Judgement,
  Principal,
  Question,
  RoleFitness,
  RoleTaker,
} from '../contract/authorizer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Cipher } from '../store/cipher.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { UserRecord } from './identity-records.ts';
import { IdentityStore } from './identity-store.ts';
import { ManagedPolicies } from './managed-policies.ts';
import { evaluate } from './policy/evaluate.ts';
import { prepare } from './policy/prepare.ts';
import { Roles } from './roles.ts';
import { Users } from './users.ts';

export interface IdentityDeps {
  readonly store: ResourceStore;
  readonly accountId: string;
  readonly cipher: Cipher;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Told of every change, when it counts and before it is answered. */
  readonly changed?: () => void;
}

/** A key's secret, and who holds it. */
export interface Credential {
  readonly secretAccessKey: string;
  readonly principal: Principal;
}

/** AWS's longest. What is longer names nothing, and comparing it with wildcards would take its time. */
const LONGEST_ARN = 2_048;
const UNMENTIONED: Judgement = { decision: 'unmentioned', by: 'identity' };

/** Users, roles and policies of the account, and what they allow. To be opened before anything else. */
export class Identities {
  readonly accountId: string;
  readonly users: Users;
  readonly roles: Roles;
  readonly policies: ManagedPolicies;
  readonly #store: IdentityStore;
  readonly #clock: () => number;

  constructor({ store, accountId, cipher, clock, changed }: IdentityDeps) {
    this.accountId = accountId;
    this.#clock = clock;
    this.#store = new IdentityStore(store, accountId, changed);
    this.policies = new ManagedPolicies(this.#store, clock);
    this.users = new Users({ store: this.#store, policies: this.policies, cipher, clock });
    this.roles = new Roles(this.#store, this.policies, clock);
  }

  open(): Promise<void> {
    return this.#store.open();
  }

  /** The holder of an active key. */
  credential(accessKeyId: string): Credential | undefined {
    const found = this.users.findKey(accessKeyId);
    if (found?.key.status !== 'Active') return undefined;
    return { secretAccessKey: this.users.secretOf(found.key), principal: toPrincipal(this.accountId, found.user) };
  }

  judge(question: Question, resourcePolicy?: PolicyDocument): Judgement {
    if (question.resource.length > LONGEST_ARN) return UNMENTIONED;
    const prepared = prepare(question, this.#clock());
    const own = evaluate(this.#policiesOf(question.principal), prepared);
    if (own === 'denied' || resourcePolicy === undefined) return { decision: own, by: 'identity' };
    const other = evaluate([resourcePolicy], prepared);
    return other === 'unmentioned' ? { decision: own, by: 'identity' } : { decision: other, by: 'resource' };
  }

  mayRole(roleArn: string, action: string, resource: string, context?: ConditionContext): boolean {
    const principal: Principal = { kind: 'role', accountId: this.accountId, arn: roleArn };
    const question = { principal, action, resource, ...(context === undefined ? {} : { context }) };
    return this.judge(question).decision === 'allowed';
  }

  suits(roleArn: string, taker?: RoleTaker): RoleFitness {
    const role = this.roles.findByArn(roleArn);
    if (role === undefined) return 'unknown';
    return this.roles.trusts(role, taker) ? 'fit' : 'untrusting';
  }

  /** Whoever is gone, or is no longer the one who signed, has no policies. */
  #policiesOf(principal: Principal): readonly PolicyDocument[] {
    if (principal.kind === 'user') {
      const user = this.users.find(principal.name);
      return user?.id === principal.userId ? this.users.documentsOf(user) : [];
    }
    if (principal.kind === 'role') {
      const role = this.roles.findByArn(principal.arn);
      return role && this.roles.trusts(role, principal.takenBy) ? this.roles.documentsOf(role) : [];
    }
    return [];
  }
}

function toPrincipal(accountId: string, { arn, id, name }: UserRecord): Principal {
  return { kind: 'user', accountId, arn, userId: id, name };
}
