import type { Authorizer, Question } from '../contract/authorizer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';

/**
 * Judges by a resource's policy alone, for those who have no policies of their own. What reads policies is loaded when it
 * is first needed, not with the process.
 */
export function createResourceJudge(clock: () => number): Pick<Authorizer, 'ready' | 'judge'> {
  type Reader = typeof import('./policy/evaluate.ts') & typeof import('./policy/request-context.ts');
  let reader: Reader | undefined;
  return {
    ready: () => (reader ? undefined : load()),
    judge(question, policy) {
      if (reader === undefined) throw new Error('a judge was asked before it was ready');
      return { decision: decide(reader, question, policy), by: 'resource' };
    },
  };

  async function load(): Promise<void> {
    reader = { ...(await import('./policy/evaluate.ts')), ...(await import('./policy/request-context.ts')) };
  }

  function decide({ evaluate, toRequestContext }: Reader, question: Question, policy: PolicyDocument | undefined) {
    const { principal, action, resource, context = {} } = question;
    const prepared = { principal, action, resource, context: toRequestContext(principal, context, clock()) };
    return evaluate(policy === undefined ? [] : [policy], prepared);
  }
}
