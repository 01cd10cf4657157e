export { DeferredIdentities } from './deferred-identities.ts';
export type { Credential, Identities, IdentityDeps } from './identities.ts';
export { IdentityError, type IdentityErrorCode } from './identity-error.ts';
