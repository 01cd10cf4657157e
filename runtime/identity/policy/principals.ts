import type { Principal } from '../../contract/authorizer.ts';
import type { PolicyPrincipal, PolicyStatement } from '../../contract/policy-document.ts';
import { toList } from './one-or-more.ts';

const ACCOUNT = /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$/;

/**
 * True when a statement of a resource's policy is about the principal. An account stands for all of its principals where
 * the statement denies; where it allows it only leaves the matter to their own policies, so it stands for root alone.
 */
export function concerns(statement: PolicyStatement, principal: Principal): boolean {
  if (statement.Principal !== undefined) return names(statement.Principal, principal, statement.Effect);
  if (statement.NotPrincipal !== undefined) return !names(statement.NotPrincipal, principal, 'Deny');
  return true;
}

function names(named: PolicyPrincipal, principal: Principal, effect: PolicyStatement['Effect']): boolean {
  if (named === '*') return true;
  return Object.entries(named).some(([kind, values]) =>
    toList(values).some((value) => {
      if (kind === 'AWS') return value === '*' || isIdentity(value, principal, effect);
      return kind === 'Service' && principal.kind === 'service' && value.toLowerCase() === principal.name.toLowerCase();
    }),
  );
}

function isIdentity(value: string, principal: Principal, effect: PolicyStatement['Effect']): boolean {
  if (principal.kind === 'service' || principal.kind === 'anonymous') return false;
  const [, account] = ACCOUNT.exec(value) ?? [];
  if (account !== undefined) return account === principal.accountId && (effect === 'Deny' || principal.kind === 'root');
  return principal.kind !== 'root' && value === principal.arn;
}
