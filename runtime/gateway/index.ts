import { createApp } from './app.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { createHttpServer, type HttpServer } from './server.ts';

export type { CredentialLookup } from './auth/authenticator.ts';
export { loadRootKey, type RootKey, toCredentialsPath } from './auth/credentials.ts';
export type { GatewayDeps } from './gateway-deps.ts';
export type { ApiRequest, ApiResponse, Operation } from './lambda-api/operation.ts';
export type { Resolver, UrlTarget } from './resolver.ts';
export type { Listening } from './server.ts';

export interface Gateway extends HttpServer {
  /** Answers a request in-process, as over HTTP but without its limits. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const app = createApp(deps);
  return {
    ...createHttpServer(app),
    request: async (path, init) => app.request(path, init, {}),
  };
}
