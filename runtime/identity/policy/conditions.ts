import type { OneOrMore, PolicyConditions } from '../../contract/policy-document.ts';
import { OPERATORS } from './condition-operators.ts';
import { toList } from './one-or-more.ts';
import type { RequestContext } from './request-context.ts';

/** What an operator's name says: whether all or any of several values must hold, and what an absent key means. */
interface OperatorName {
  readonly quantifier: 'all' | 'any' | undefined;
  readonly operator: string;
  readonly ifExists: boolean;
}

const NAME = /^(?:for(all|any)values?:)?([a-z]+?)(ifexists)?$/;

/** An operator's name taken apart; undefined when there is no such operator. */
export function parseOperator(name: string): OperatorName | undefined {
  const [whole, quantifier, operator = '', ifExists] = NAME.exec(name.toLowerCase()) ?? [];
  if (whole === undefined) return undefined;
  if (operator !== 'null' && !OPERATORS.has(operator)) return undefined;
  if (operator === 'null' && (ifExists !== undefined || quantifier !== undefined)) return undefined;
  return { quantifier: quantifier as 'all' | 'any' | undefined, operator, ifExists: ifExists !== undefined };
}

/** True when every key under every operator holds: they are joined by and, a key's values by or. */
export function holdConditions(
  conditions: PolicyConditions,
  context: RequestContext,
  variables: RequestContext | undefined,
): boolean {
  return Object.entries(conditions).every(([name, keys]) => {
    const operator = parseOperator(name);
    if (operator === undefined) return false;
    return Object.entries(keys).every(([key, values]) =>
      holds(operator, context.get(key.toLowerCase()), toTexts(values), variables),
    );
  });
}

function holds(
  { quantifier, operator, ifExists }: OperatorName,
  said: readonly string[] | undefined,
  wanted: readonly string[],
  variables: RequestContext | undefined,
): boolean {
  const isAbsent = said === undefined || said.length === 0;
  if (operator === 'null') return wanted.some((value) => value.toLowerCase() === String(isAbsent));
  const { compare, isNegated } = OPERATORS.get(operator)!;
  if (isAbsent) return quantifier === 'any' ? ifExists : quantifier === 'all' || ifExists || isNegated;
  const fits = (value: string): boolean => wanted.some((each) => compare(value, each, variables)) !== isNegated;
  // Without a quantifier a negated operator must hold for every value: one forbidden value is enough to refuse.
  return quantifier === 'all' || (quantifier === undefined && isNegated) ? said.every(fits) : said.some(fits);
}

function toTexts(values: OneOrMore<string | number | boolean>): readonly string[] {
  return toList(values).map(String);
}
