import type { ConditionContext, Principal } from '../../contract/authorizer.ts';

/** Condition keys in lower case, each with its values. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** What a policy may look at: what the request says, and on top what nobody but the platform may say. */
export function toRequestContext(principal: Principal, said: ConditionContext, now: number): RequestContext {
  const context = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(said)) {
    context.set(name.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  for (const [name, value] of Object.entries(factsOf(principal))) context.set(name, [value]);
  context.set('aws:currenttime', [`${new Date(now).toISOString().slice(0, 19)}Z`]);
  context.set('aws:epochtime', [String(Math.floor(now / 1000))]);
  return context;
}

function factsOf(principal: Principal): Readonly<Record<string, string>> {
  switch (principal.kind) {
    case 'root':
      return {
        'aws:principalarn': `arn:aws:iam::${principal.accountId}:root`,
        'aws:principalaccount': principal.accountId,
        'aws:principaltype': 'Account',
        'aws:principalisawsservice': 'false',
        'aws:userid': principal.accountId,
      };
    case 'user':
      return {
        'aws:principalarn': principal.arn,
        'aws:principalaccount': principal.accountId,
        'aws:principaltype': 'User',
        'aws:principalisawsservice': 'false',
        'aws:userid': principal.userId,
        'aws:username': principal.name,
      };
    case 'role':
      return {
        'aws:principalarn': principal.arn,
        'aws:principalaccount': principal.accountId,
        'aws:principaltype': 'AssumedRole',
        'aws:principalisawsservice': 'false',
      };
    case 'service':
      return { 'aws:principalisawsservice': 'true', 'aws:principalservicename': principal.name };
    case 'anonymous':
      return { 'aws:principaltype': 'Anonymous', 'aws:principalisawsservice': 'false' };
  }
}
