import type { Authorizer } from '../contract/authorizer.ts';
import { LambdaError } from '../contract/errors.ts';
import { API_REQUEST_BYTES } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';
import type { Authenticate } from './auth/authenticator.ts';
import { type Exchange, readExchangeBody, send, sendJson } from './exchange.ts';
import type { ApiRequest, Operation } from './lambda-api/operation.ts';
import { assertPasses, assertPermitted } from './lambda-api/permission.ts';
import type { Resolver } from './resolver.ts';
import { Routes } from './routes.ts';
import { toTrace } from './trace-id.ts';

export interface OperationDeps {
  readonly authenticate: Authenticate;
  readonly authorizer: Authorizer;
  readonly resolver: Resolver;
  readonly observer: Observer;
  readonly bodyTimeoutMs: number;
}

/** The route table of the API, but for what is invoked; what is not in it is no operation. */
export function createOperationRoutes(operations: readonly Operation[], deps: OperationDeps): Routes {
  const routes = new Routes(({ head }) => {
    throw new LambdaError('UnknownOperationException', `No operation answers ${head.method} ${head.rawPath}.`);
  });
  for (const operation of operations) {
    routes.add(operation.method, operation.path, createOperationRoute(operation, deps));
  }
  return routes;
}

/** Serves one operation: authenticates, reads the body whole, authorises, hands over what the operation needs. */
function createOperationRoute(operation: Operation, deps: OperationDeps): (c: Exchange) => Promise<void> {
  return async (c) => {
    const { head } = c;
    const caller = await deps.authenticate(head, ['lambda']);
    const body = await readExchangeBody(c, {
      maxBytes: API_REQUEST_BYTES,
      timeoutMs: deps.bodyTimeoutMs,
      tooLarge: () =>
        new LambdaError(
          'RequestEntityTooLargeException',
          `Request must be smaller than ${API_REQUEST_BYTES} bytes for the ${operation.name} operation`,
        ),
    });
    if (operation.method === 'GET') caller.verify(body);
    else caller.verifyOnce(body);
    await deps.resolver.ready();
    const request: ApiRequest = {
      scope: caller.scope,
      requestId: c.requestId,
      params: c.params,
      query: new URLSearchParams(head.query.map(([name, value]): [string, string] => [name, value])),
      body,
      traceId: () => toTrace(c, Date.now()).traceId,
      linkTo: async (path) => `http://${head.headers.host}${await caller.presign(path)}`,
    };
    const asker = { authorizer: deps.authorizer, caller, head };
    await assertPermitted(operation, request, asker);
    const role = operation.passesRole?.(request);
    const fitness = role === undefined ? 'fit' : await assertPasses(role, asker);
    const response = await operation.handle(request);
    if (fitness === 'unknown') {
      deps.observer.noticed(
        'warn',
        `There is no role ${role}: functions that name it are granted nothing, their own log neither.`,
      );
    }
    if (response.file === undefined) return sendJson(c, response);
    const headers = { 'x-amzn-requestid': c.requestId, ...response.headers };
    return send(c, { status: response.status, headers, body: response.file });
  };
}
