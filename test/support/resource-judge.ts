import type { Authorizer } from '../../runtime/contract/authorizer.ts';
import { evaluate } from '../../runtime/identity/policy/evaluate.ts';
import { toRequestContext } from '../../runtime/identity/policy/request-context.ts';

/** Judges by the policies of resources, as if nobody had any of their own. */
export const resourceJudge: Pick<Authorizer, 'ready' | 'judge'> = {
  ready: () => undefined,
  judge({ principal, action, resource, context = {} }, policy) {
    const question = { principal, action, resource, context: toRequestContext(principal, context, 0) };
    return { decision: evaluate(policy === undefined ? [] : [policy], question), by: 'resource' };
  },
};
