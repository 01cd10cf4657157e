import type { Decision, Principal } from '../../contract/authorizer.ts';
import type { OneOrMore, PolicyDocument, PolicyStatement } from '../../contract/policy-document.ts';
import { holdConditions } from './conditions.ts';
import { concerns } from './principals.ts';
import type { RequestContext } from './request-context.ts';
import { toResolvedPattern } from './variables.ts';
import { matches, toPattern } from './wildcards.ts';

/** A question with its context made ready, so that many policies can be asked it. */
export interface PreparedQuestion {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/** What policies say together: one denial decides, else one allowance. */
export function evaluate(policies: Iterable<PolicyDocument>, question: PreparedQuestion): Decision {
  let decision: Decision = 'unmentioned';
  for (const policy of policies) {
    for (const statement of [policy.Statement].flat()) {
      if (statement.Effect === 'Allow' && decision === 'allowed') continue;
      if (!applies(statement, policy, question)) continue;
      if (statement.Effect === 'Deny') return 'denied';
      decision = 'allowed';
    }
  }
  return decision;
}

function applies(statement: PolicyStatement, policy: PolicyDocument, question: PreparedQuestion): boolean {
  // Variables came with the newer version of the language; before it they are plain text.
  const variables = policy.Version === '2012-10-17' ? question.context : undefined;
  return (
    isAbout(statement, question.action) &&
    reaches(statement, question.resource, variables) &&
    concerns(statement, question.principal) &&
    holdConditions(statement.Condition ?? {}, question.context, variables)
  );
}

function isAbout({ Action, NotAction }: PolicyStatement, action: string): boolean {
  const wanted = action.toLowerCase();
  const some = (patterns: OneOrMore<string>): boolean =>
    [patterns].flat().some((each) => matches(toPattern(each.toLowerCase()), wanted));
  if (Action !== undefined) return some(Action);
  return NotAction !== undefined && !some(NotAction);
}

function reaches(
  { Effect, Resource, NotResource }: PolicyStatement,
  resource: string,
  variables: RequestContext | undefined,
): boolean {
  const resolve = (text: string) => toResolvedPattern(text, variables);
  if (NotResource !== undefined) {
    const patterns = [NotResource].flat().map(resolve);
    // An exception that cannot be read must not widen what is allowed.
    if (Effect === 'Allow' && patterns.includes(undefined)) return false;
    return !patterns.some((pattern) => pattern !== undefined && matches(pattern, resource, 'segment'));
  }
  // A trust policy has no resource: it is about the role it belongs to.
  if (Resource === undefined) return true;
  return [Resource].flat().some((text) => {
    const pattern = resolve(text);
    return pattern !== undefined && matches(pattern, resource, 'segment');
  });
}
