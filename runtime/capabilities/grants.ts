import type { Authorizer, Principal } from '../contract/authorizer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import { CallError } from './call-error.ts';
import type { Caller } from './caller.ts';

/** What functions may do: what their execution roles say, and nothing else. */
export class Grants {
  readonly #authorizer: Pick<Authorizer, 'ready' | 'judge'>;

  constructor(authorizer: Pick<Authorizer, 'ready' | 'judge'>) {
    this.#authorizer = authorizer;
  }

  /** `policy` is the resource's own, where it has one. */
  async allows(caller: Caller, action: string, resource: string, policy?: PolicyDocument): Promise<boolean> {
    await this.#authorizer.ready();
    const principal: Principal = { kind: 'role', accountId: caller.accountId, arn: caller.role };
    const context = { 'lambda:SourceFunctionArn': caller.arn };
    return this.#authorizer.judge({ principal, action, resource, context }, policy).decision === 'allowed';
  }

  /** Throws a CallError unless the function's role, or the resource's policy, allows it. */
  async demand(caller: Caller, action: string, resource: string, policy?: PolicyDocument): Promise<void> {
    if (await this.allows(caller, action, resource, policy)) return;
    throw new CallError('AccessDenied', `The role ${caller.role} does not allow ${action} on ${resource}.`);
  }
}
