import type { Authorizer, ConditionContext, Judgement, Principal } from '../../contract/authorizer.ts';
import { LambdaError } from '../../contract/errors.ts';
import type { PolicyDocument } from '../../contract/policy-document.ts';
import type { RequestHead } from '../request-head.ts';
import type { Caller } from './authenticator.ts';

/** What a caller wants to do. */
export interface Wish {
  /** Such as `lambda:GetFunction`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly context?: ConditionContext;
  /** The resource's own policy, where it has one. */
  readonly policy?: PolicyDocument | undefined;
}

/** Undefined when the caller may, else AWS's sentence that says why not. Root may everything, and costs nothing. */
export async function explainDenial(
  authorizer: Authorizer,
  caller: Pick<Caller, 'principal' | 'scope'>,
  head: RequestHead,
  wish: Wish,
): Promise<string | undefined> {
  const { principal } = caller;
  if (principal.kind === 'root') return undefined;
  await authorizer.ready();
  const { action, resource, policy } = wish;
  const context = { ...toContext(caller, head), ...wish.context };
  const judgement = authorizer.judge({ principal, action, resource, context }, policy);
  return judgement.decision === 'allowed' ? undefined : toSentence(principal, wish, judgement);
}

/** Throws an AccessDeniedException unless the caller may. */
export async function assertAllowed(
  authorizer: Authorizer,
  caller: Caller,
  head: RequestHead,
  wish: Wish,
): Promise<void> {
  const denial = await explainDenial(authorizer, caller, head, wish);
  if (denial !== undefined) throw new LambdaError('AccessDeniedException', denial);
}

function toContext({ scope }: Pick<Caller, 'scope'>, head: RequestHead): ConditionContext {
  const agent = head.headers['user-agent'];
  return {
    'aws:RequestedRegion': scope.region,
    'aws:SecureTransport': 'false',
    'aws:SourceIp': head.sourceIp,
    ...(agent === undefined ? {} : { 'aws:UserAgent': agent }),
  };
}

function toSentence(principal: Principal, { action, resource }: Wish, { decision, by }: Judgement): string {
  const who = 'arn' in principal ? principal.arn : 'anonymous';
  const why =
    decision === 'denied'
      ? `with an explicit deny in ${by === 'identity' ? 'an identity-based' : 'a resource-based'} policy`
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
