export { type Apps, createApps } from './app.ts';
export type { Credential, CredentialLookup } from './auth/authenticator.ts';
export { loadRootKey, type RootKey, toCredentialsPath } from './auth/credentials.ts';
export type { GatewayDeps } from './gateway-deps.ts';
export type { ApiRequest, ApiResponse, Operation } from './lambda-api/operation.ts';
export { type Listeners, openListeners } from './listeners.ts';
export type { Resolver, UrlTarget } from './resolver.ts';
