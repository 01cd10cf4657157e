import type { Authorizer } from '../contract/authorizer.ts';
import type { PolicyStatement } from '../contract/policy-document.ts';
import type { FunctionPolicy, Openness } from '../store/attachment-record.ts';

/** Whoever decides by policies. */
export type PolicyJudge = Pick<Authorizer, 'ready' | 'judge'>;

/** What a visitor without a signature says of these is the same for all of them. */
const SAME_FOR_ALL: ReadonlySet<string> = new Set([
  ...['aws:principalorgid', 'aws:principaltype', 'aws:sourceaccount', 'aws:sourcearn'],
  ...['lambda:eventsourcetoken', 'lambda:functionurlauthtype', 'lambda:invokedviafunctionurl'],
]);

/**
 * Whether anyone may call a function URL with AuthType NONE. One statement is enough, lambda:InvokeFunctionUrl for
 * everybody; the second one that Lambda wants of new URLs since October 2025, lambda:InvokeFunction with
 * lambda:InvokedViaFunctionUrl, may be there or not.
 */
export function toOpenness(judge: Pick<PolicyJudge, 'judge'>, policy: FunctionPolicy, resource: string): Openness {
  if (policy.Statement.some(looksAtRequest)) return 'depends';
  const question = {
    principal: { kind: 'anonymous' } as const,
    action: 'lambda:InvokeFunctionUrl',
    resource,
    context: { 'lambda:FunctionUrlAuthType': 'NONE' },
  };
  return judge.judge(question, policy).decision === 'allowed';
}

/** True also for what puts a fact of the request in the place of a variable. */
function looksAtRequest(statement: PolicyStatement): boolean {
  const keys = Object.values(statement.Condition ?? {}).flatMap(Object.keys);
  return keys.some((key) => !SAME_FOR_ALL.has(key.toLowerCase())) || JSON.stringify(statement).includes('${');
}
