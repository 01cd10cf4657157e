import type { FunctionVersion } from '../contract/function-version.ts';
import type { Scope } from '../contract/scope.ts';

/** The function that calls the host. */
export interface Caller extends Scope {
  /** Unqualified. */
  readonly arn: string;
  readonly name: string;
  /** ARN of its execution role. */
  readonly role: string;
}

export function toCaller({ arn, name, role }: FunctionVersion): Caller {
  const [, , , region = '', accountId = ''] = arn.split(':');
  return { arn, name, role, region, accountId };
}
