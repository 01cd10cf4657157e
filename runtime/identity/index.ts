export { DeferredIdentities } from './deferred-identities.ts';
export type { Credential, Identities, IdentityDeps } from './identities.ts';
export { IdentityError, type IdentityErrorCode } from './identity-error.ts';
export type {
  AccessKeyRecord,
  IdentityRecord,
  PolicyHolder,
  PolicyRecord,
  PolicyVersionRecord,
  RoleRecord,
  UserRecord,
} from './identity-records.ts';
export { createUniqueId } from './unique-id.ts';
