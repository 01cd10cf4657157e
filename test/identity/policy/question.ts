import type { ConditionContext, Decision, Principal } from '../../../runtime/contract/authorizer.ts';
import type { PolicyDocument, PolicyStatement } from '../../../runtime/contract/policy-document.ts';
import { evaluate } from '../../../runtime/identity/policy/evaluate.ts';
import { parsePolicy } from '../../../runtime/identity/policy/parse-policy.ts';
import { toRequestContext } from '../../../runtime/identity/policy/request-context.ts';

export const ALICE: Principal = {
  kind: 'user',
  accountId: '000000000000',
  arn: 'arn:aws:iam::000000000000:user/alice',
  userId: 'AIDAALICE',
  name: 'alice',
};
const NOW: number = Date.parse('2026-06-15T12:00:00Z');

export interface Asked {
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: ConditionContext;
}

export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';

/** What policies say of a question, by default whether alice may invoke `f`. */
export function ask(policies: readonly PolicyDocument[], asked: Asked = {}): Decision {
  const { principal = ALICE, action = 'lambda:InvokeFunction', resource = FUNCTION, context = {} } = asked;
  return evaluate(policies, { principal, action, resource, context: toRequestContext(principal, context, NOW) });
}

/** A policy of the statements, by default allowing everything. */
export function policyOf(...statements: readonly Partial<PolicyStatement>[]): PolicyDocument {
  const Statement = statements.map((statement): PolicyStatement => {
    const action = statement.NotAction === undefined ? { Action: '*' } : {};
    const resource = statement.NotResource === undefined ? { Resource: '*' } : {};
    return { Effect: 'Allow', ...action, ...resource, ...statement };
  });
  return { Version: '2012-10-17', Statement };
}

/** The same through JSON, for a policy of a user or a role. */
export function identityPolicy(...statements: readonly Partial<PolicyStatement>[]): PolicyDocument {
  return parsePolicy(JSON.stringify(policyOf(...statements)), 'identity');
}
