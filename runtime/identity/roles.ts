import type { RoleTaker } from '../contract/authorizer.ts';
import { BASIC_EXECUTION } from './aws-managed-policies.ts';
import { IdentityError } from './identity-error.ts';
import type { RoleRecord } from './identity-records.ts';
import type { IdentityStore } from './identity-store.ts';
import type { ManagedPolicies } from './managed-policies.ts';
import { evaluate } from './policy/evaluate.ts';
import { prepare } from './policy/prepare.ts';
import { PolicyHolders } from './policy-holders.ts';
import { assertPolicy, ParsedPolicies, POLICY_LENGTHS, policyLength } from './policy-texts.ts';

/** The role that is there from the start, for who has not made one yet: its functions may write their log. */
const DEFAULT_ROLE = 'isola';

const LAMBDA = 'lambda.amazonaws.com';

const TRUST_IN_LAMBDA = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: LAMBDA }, Action: 'sts:AssumeRole' }],
});

export class Roles extends PolicyHolders<RoleRecord> {
  readonly #clock: () => number;
  readonly #trusts = new ParsedPolicies();

  constructor(store: IdentityStore, policies: ManagedPolicies, clock: () => number) {
    const builtIn = [toDefaultRole(store.scope.accountId)];
    super({ kind: 'role', holders: store.roles, builtIn, store, policies });
    this.#clock = clock;
  }

  /** The role that an ARN names; undefined for any other text. */
  findByArn(arn: string): RoleRecord | undefined {
    const role = this.find(arn.slice(arn.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  override async create(role: RoleRecord): Promise<RoleRecord> {
    assertTrust(role.trust);
    return await super.create(role);
  }

  async setTrust(name: string, trust: string): Promise<void> {
    assertTrust(trust);
    await this.change(name, (role) => ({ ...role, trust }));
  }

  /** True when a service may act by this role: its trust policy names it. Functions run as roles that trust Lambda. */
  trusts(role: RoleRecord, { service = LAMBDA, sourceArn }: Partial<RoleTaker> = {}): boolean {
    const principal = { kind: 'service', name: service } as const;
    const context = {
      'aws:SourceAccount': role.arn.split(':')[4] ?? '',
      ...(sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn }),
    };
    const question = prepare({ principal, action: 'sts:AssumeRole', resource: role.arn, context }, this.#clock());
    return (
      evaluate(
        this.#trusts.of(role, 'trust', () => [role.trust]),
        question,
      ) === 'allowed'
    );
  }
}

function assertTrust(trust: string): void {
  assertPolicy(trust, 'trust');
  if (policyLength(trust) > POLICY_LENGTHS.trust) {
    throw new IdentityError('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${POLICY_LENGTHS.trust}`);
  }
}

function toDefaultRole(accountId: string): RoleRecord {
  return {
    name: DEFAULT_ROLE,
    path: '/',
    id: 'AROAISOLADEFAULTROLES',
    arn: `arn:aws:iam::${accountId}:role/${DEFAULT_ROLE}`,
    createdAt: 0,
    tags: {},
    inline: {},
    attached: [BASIC_EXECUTION],
    description: 'There from the start: functions may write their log.',
    maxSessionSeconds: 3_600,
    trust: TRUST_IN_LAMBDA,
  };
}
