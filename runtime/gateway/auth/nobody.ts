import { LambdaError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/scope.ts';
import type { Caller } from './authenticator.ts';

/** Whoever follows a link that need not be signed: may do what the link's own secret allows. */
export function createNobody(scope: Scope): Caller {
  return {
    scope,
    principal: { kind: 'anonymous' },
    verify: () => undefined,
    verifyOnce: () => undefined,
    presign: () =>
      Promise.reject(new LambdaError('MissingAuthenticationTokenException', 'Missing Authentication Token')),
  };
}
