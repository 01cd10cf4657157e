import type { PolicyStatement } from './policy-document.ts';

/** What AddPermission of a queue or a topic is asked to allow to other accounts, as a statement of its own. */
export interface AccountGrant {
  readonly label: string;
  readonly accountIds: readonly string[];
  /** Without their service: `Publish`. */
  readonly actions: readonly string[];
}

export function isLabel(text: string): boolean {
  return /^[\w-]{1,80}$/.test(text);
}

export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** `service` is what its actions begin with: `SNS`. */
export function toStatement(
  { label, accountIds, actions }: AccountGrant,
  { service, arn }: { readonly service: string; readonly arn: string },
): PolicyStatement {
  const principals = accountIds.map((accountId) => `arn:aws:iam::${accountId}:root`);
  const qualified = actions.map((action) => `${service}:${action}`);
  return {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: principals.length === 1 ? principals[0]! : principals },
    Action: qualified.length === 1 ? qualified[0]! : qualified,
    Resource: arn,
  };
}
