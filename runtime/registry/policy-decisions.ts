import type { Authorizer } from '../contract/authorizer.ts';
import type { PolicyDocument, PolicyStatement } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionPolicy, Openness } from '../store/attachment-record.ts';
import { LATEST, parseReference, toFunctionArn } from './function-name.ts';
import type { FunctionTable } from './function-table.ts';

/** Whoever decides by policies. */
export type PolicyJudge = Pick<Authorizer, 'ready' | 'judge'>;

/** A service that wants to invoke a function because of something that happened in it. */
export interface ServiceCaller {
  /** Such as `s3.amazonaws.com`. */
  readonly service: string;
  /** What it happened in, such as a bucket. */
  readonly sourceArn?: string;
  /** Whose that is. */
  readonly sourceAccount?: string;
}

/** What resource policies say of those who have no policies of their own. */
export class PolicyDecisions {
  readonly #functions: FunctionTable;
  readonly #judge: PolicyJudge;

  constructor(deps: { readonly functions: FunctionTable; readonly judge: PolicyJudge }) {
    this.#functions = deps.functions;
    this.#judge = deps.judge;
  }

  /** The policy of what a caller names; undefined when it has none, or there is no such function. */
  policyOf(scope: Scope, reference: string, given?: string): PolicyDocument | undefined {
    const { key, qualifier = LATEST } = parseReference(scope, reference, given);
    return this.#functions.get(key)?.attached.get('policy', qualifier)?.document;
  }

  /** May a service invoke what `reference` means? */
  async mayService(
    scope: Scope,
    reference: string,
    given: string | undefined,
    caller: ServiceCaller,
  ): Promise<boolean> {
    const { key, qualifier } = parseReference(scope, reference, given);
    const { service, sourceArn, sourceAccount } = caller;
    const context = {
      ...(sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn }),
      ...(sourceAccount === undefined ? {} : { 'aws:SourceAccount': sourceAccount }),
    };
    await this.#judge.ready();
    const question = {
      principal: { kind: 'service', name: service } as const,
      action: 'lambda:InvokeFunction',
      resource: toFunctionArn(key, qualifier === LATEST ? undefined : qualifier),
      context,
    };
    return this.#judge.judge(question, this.policyOf(scope, reference, given)).decision === 'allowed';
  }
}

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
