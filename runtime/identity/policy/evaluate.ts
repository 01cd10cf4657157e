import type { Decision, Principal } from '../../contract/authorizer.ts';
import type { OneOrMore, PolicyDocument, PolicyStatement } from '../../contract/policy-document.ts';
import { toArnParts } from './arn-parts.ts';
import { holdConditions } from './conditions.ts';
import { toList } from './one-or-more.ts';
import { concerns } from './principals.ts';
import type { RequestContext } from './request-context.ts';
import { toResolvedPattern } from './variables.ts';
import { fits, matches, type Pattern } from './wildcards.ts';

/** A question with its context made ready, so that many policies can be asked it. */
export interface PreparedQuestion {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** Looked at only when a statement has conditions or variables. */
  readonly context: RequestContext;
}

/** What policies say together: one denial decides, else one allowance. */
export function evaluate(policies: Iterable<PolicyDocument>, question: PreparedQuestion): Decision {
  let decision: Decision = 'unmentioned';
  for (const policy of policies) {
    for (const statement of toList(policy.Statement)) {
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
  const knowsVariables = policy.Version === '2012-10-17';
  if (!isAbout(statement, question.action) || !concerns(statement, question.principal)) return false;
  if (!reaches(statement, question, knowsVariables)) return false;
  const { Condition: conditions } = statement;
  if (conditions === undefined) return true;
  return holdConditions(conditions, question.context, knowsVariables ? question.context : undefined);
}

function isAbout({ Action, NotAction }: PolicyStatement, action: string): boolean {
  const wanted = action.toLowerCase();
  const some = (patterns: OneOrMore<string>): boolean =>
    toList(patterns).some((each) => fits(each.toLowerCase(), wanted));
  if (Action !== undefined) return some(Action);
  return NotAction !== undefined && !some(NotAction);
}

function reaches(
  { Effect, Resource, NotResource }: PolicyStatement,
  question: PreparedQuestion,
  knowsVariables: boolean,
): boolean {
  const { resource } = question;
  /** Undefined for a text with a variable that has no value. */
  const isMeant = (text: string): boolean | undefined => {
    if (resource.startsWith(OWN)) return isOwnMeant(text, resource, knowsVariables ? question.context : undefined);
    if (!knowsVariables || !text.includes('${')) return fits(text, resource, 'segment');
    const pattern = toResolvedPattern(text, question.context);
    return pattern && matches(pattern, resource, 'segment');
  };
  if (NotResource !== undefined) {
    const meant = toList(NotResource).map(isMeant);
    // An exception that cannot be read must not widen what is allowed.
    if (Effect === 'Allow' && meant.includes(undefined)) return false;
    return !meant.includes(true);
  }
  // A trust policy has no resource: it is about the role it belongs to.
  return Resource === undefined || toList(Resource).some((text) => isMeant(text) === true);
}

/** ARNs that AWS does not know. */
const OWN = 'arn:isola:';

/**
 * What follows the account in Isola's own ARNs is guests' text, such as the key of a value: no asterisk before it may take
 * a colon in there for one that divides. So they are compared part by part; a pattern of fewer parts ends in one for the rest.
 */
function isOwnMeant(text: string, resource: string, variables: RequestContext | undefined): boolean | undefined {
  const patterns = toArnParts(text).map((part) => toResolvedPattern(part, variables));
  if (patterns.includes(undefined)) return undefined;
  const parts = toArnParts(resource, patterns.length);
  return parts.length === patterns.length && parts.every((part, at) => matches(patterns[at] as Pattern, part));
}
