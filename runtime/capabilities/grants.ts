import type { Authorizer } from '../contract/authorizer.ts';
import { CallError } from './call-error.ts';
import type { Caller } from './caller.ts';

/** What functions may do: what their execution roles say, and nothing else. */
export class Grants {
  readonly #authorizer: Pick<Authorizer, 'ready' | 'mayRole'>;

  constructor(authorizer: Pick<Authorizer, 'ready' | 'mayRole'>) {
    this.#authorizer = authorizer;
  }

  async allows({ role, arn }: Caller, action: string, resource: string): Promise<boolean> {
    await this.#authorizer.ready();
    return this.#authorizer.mayRole(role, action, resource, { 'lambda:SourceFunctionArn': arn });
  }

  /** Throws a CallError unless the function's role allows it. */
  async demand(caller: Caller, action: string, resource: string): Promise<void> {
    if (await this.allows(caller, action, resource)) return;
    throw new CallError('AccessDenied', `The role ${caller.role} does not allow ${action} on ${resource}.`);
  }
}
