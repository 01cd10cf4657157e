import { createApp } from './app.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { createHttpServer, type HttpServer } from './server.ts';

export type { CredentialLookup } from './auth/authenticator.ts';
export { loadRootKey, type RootKey, toCredentialsPath } from './auth/credentials.ts';
export type { GatewayDeps } from './gateway-deps.ts';
export type { ApiRequest, ApiResponse, Operation } from './lambda-api/operation.ts';
export type { Resolver, UrlTarget } from './resolver.ts';
export type { Listening } from './server.ts';

export type Gateway = HttpServer;

export function createGateway(deps: GatewayDeps): Gateway {
  return createHttpServer(createApp(deps));
}
