/** One value or several, as IAM's JSON has it nearly everywhere. */
export type OneOrMore<T> = T | readonly T[];

/** `*`, or principals by kind: `{ AWS: arn }`, `{ Service: 's3.amazonaws.com' }`. */
export type PolicyPrincipal = '*' | Readonly<Record<string, OneOrMore<string>>>;

/** Condition operators, under each the keys it looks at, under each the values of which one must hold. */
export type PolicyConditions = Readonly<Record<string, Readonly<Record<string, OneOrMore<string | number | boolean>>>>>;

/** A statement of a policy, member for member as IAM's JSON spells it. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PolicyPrincipal;
  readonly NotPrincipal?: PolicyPrincipal;
  readonly Action?: OneOrMore<string>;
  readonly NotAction?: OneOrMore<string>;
  readonly Resource?: OneOrMore<string>;
  readonly NotResource?: OneOrMore<string>;
  readonly Condition?: PolicyConditions;
}

/** An IAM JSON policy that was parsed: its statements have the members they must, and no others. */
export interface PolicyDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: OneOrMore<PolicyStatement>;
}

export function statementsOf({ Statement: statements }: PolicyDocument): readonly PolicyStatement[] {
  return [statements].flat() as readonly PolicyStatement[];
}
