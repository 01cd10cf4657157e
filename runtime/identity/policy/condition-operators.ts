import { toArnParts } from './arn-parts.ts';
import { isInRange } from './ip-ranges.ts';
import type { RequestContext } from './request-context.ts';
import { toResolvedPattern, toResolvedText } from './variables.ts';
import { matches } from './wildcards.ts';

/** True when what the request says fits what the policy wants; variables in `wanted` are still to be resolved. */
type Compare = (said: string, wanted: string, variables: RequestContext | undefined) => boolean;

/** How one operator compares, and whether it asks for the opposite. */
export interface ConditionOperator {
  readonly compare: Compare;
  readonly isNegated: boolean;
}

const like: Compare = (said, wanted, variables) => {
  const pattern = toResolvedPattern(wanted, variables);
  return pattern !== undefined && matches(pattern, said);
};
const same: Compare = (said, wanted, variables) => toResolvedText(wanted, variables) === said;
const sameIgnoringCase: Compare = (said, wanted, variables) =>
  toResolvedText(wanted, variables)?.toLowerCase() === said.toLowerCase();

/** The six parts of an ARN are compared one by one; the last takes the colons that are left. */
const arnLike: Compare = (said, wanted, variables) => {
  const parts = toArnParts(wanted);
  const saidParts = toArnParts(said);
  if (parts.length !== saidParts.length) return false;
  return parts.every((part, at) => like(saidParts[at]!, part, variables));
};

const numbers =
  (holds: (said: number, wanted: number) => boolean): Compare =>
  (said, wanted) => {
    const [left, right] = [toNumber(said), toNumber(wanted)];
    return left !== undefined && right !== undefined && holds(left, right);
  };

const dates =
  (holds: (said: number, wanted: number) => boolean): Compare =>
  (said, wanted) => {
    const [left, right] = [toEpochMs(said), toEpochMs(wanted)];
    return left !== undefined && right !== undefined && holds(left, right);
  };

function toNumber(text: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** ISO 8601, or seconds since 1970. */
function toEpochMs(text: string): number | undefined {
  const seconds = toNumber(text);
  if (seconds !== undefined && text.length > 4) return seconds * 1000;
  if (!/^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?)?)?$/.test(text)) return undefined;
  const epoch = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(epoch) ? undefined : epoch;
}

const bool: Compare = (said, wanted, variables) =>
  said.toLowerCase() === toResolvedText(wanted, variables)?.toLowerCase() && /^(true|false)$/i.test(said);
const binary: Compare = (said, wanted) => said === wanted;

function both(name: string, negated: string, compare: Compare): readonly (readonly [string, ConditionOperator])[] {
  return [
    [name, { compare, isNegated: false }],
    [negated, { compare, isNegated: true }],
  ];
}
function one(name: string, compare: Compare): readonly (readonly [string, ConditionOperator])[] {
  return [[name, { compare, isNegated: false }]];
}

/** Every operator but `Null`, which looks at no value, by its name in lower case. */
export const OPERATORS: ReadonlyMap<string, ConditionOperator> = new Map([
  ...both('stringequals', 'stringnotequals', same),
  ...both('stringequalsignorecase', 'stringnotequalsignorecase', sameIgnoringCase),
  ...both('stringlike', 'stringnotlike', like),
  ...both('arnequals', 'arnnotequals', arnLike),
  ...both('arnlike', 'arnnotlike', arnLike),
  ...both(
    'numericequals',
    'numericnotequals',
    numbers((said, wanted) => said === wanted),
  ),
  ...one(
    'numericlessthan',
    numbers((said, wanted) => said < wanted),
  ),
  ...one(
    'numericlessthanequals',
    numbers((said, wanted) => said <= wanted),
  ),
  ...one(
    'numericgreaterthan',
    numbers((said, wanted) => said > wanted),
  ),
  ...one(
    'numericgreaterthanequals',
    numbers((said, wanted) => said >= wanted),
  ),
  ...both(
    'dateequals',
    'datenotequals',
    dates((said, wanted) => said === wanted),
  ),
  ...one(
    'datelessthan',
    dates((said, wanted) => said < wanted),
  ),
  ...one(
    'datelessthanequals',
    dates((said, wanted) => said <= wanted),
  ),
  ...one(
    'dategreaterthan',
    dates((said, wanted) => said > wanted),
  ),
  ...one(
    'dategreaterthanequals',
    dates((said, wanted) => said >= wanted),
  ),
  ...one('bool', bool),
  ...one('binaryequals', binary),
  ...both('ipaddress', 'notipaddress', isInRange),
]);
