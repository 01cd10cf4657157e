import { LambdaError } from '../contract/errors.ts';
import { API_REQUEST_BYTES } from '../contract/limits.ts';
import type { Authenticate } from './auth/authenticator.ts';
import { type Exchange, readExchangeBody, send, sendJson } from './exchange.ts';
import type { Operation } from './lambda-api/operation.ts';
import type { Resolver } from './resolver.ts';

/** Serves one operation: authenticates, reads the body whole, hands over what the operation needs. */
export function createOperationRoute(
  operation: Operation,
  deps: { readonly authenticate: Authenticate; readonly resolver: Resolver; readonly bodyTimeoutMs: number },
): (c: Exchange) => Promise<void> {
  return async (c) => {
    const { head } = c;
    const caller = deps.authenticate(head, ['lambda']);
    const body = await readExchangeBody(c, {
      maxBytes: API_REQUEST_BYTES,
      timeoutMs: deps.bodyTimeoutMs,
      tooLarge: () =>
        new LambdaError(
          'RequestEntityTooLargeException',
          `Request must be smaller than ${API_REQUEST_BYTES} bytes for the ${operation.name} operation`,
        ),
    });
    await caller.verify(body);
    await deps.resolver.ready();
    const response = await operation.handle({
      scope: caller.scope,
      requestId: c.requestId,
      params: c.params,
      query: new URLSearchParams(head.query.map(([name, value]): [string, string] => [name, value])),
      body,
      linkTo: async (path) => `http://${head.headers.host}${await caller.presign(path)}`,
    });
    if (response.file === undefined) return sendJson(c, response);
    const headers = { 'x-amzn-requestid': c.requestId, ...response.headers };
    return send(c, { status: response.status, headers, body: response.file });
  };
}
