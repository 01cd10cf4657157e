import { LambdaError } from '../../contract/errors.ts';
import { toErrorAnswer } from '../error-answer.ts';
import { type Exchange, readExchangeBody, send, sendJson } from '../exchange.ts';
import { Routes } from '../routes.ts';
import { SerializationError } from '../service/parse-input.ts';
import { perform, type ServiceDeps } from '../service/perform.ts';
import type { Refusal } from '../service/service.ts';
import { parseRestInput } from './parse-rest-input.ts';
import type { RestOperation, RestService } from './rest-service.ts';

/** Serves a service that speaks AWS's REST protocol in JSON. */
export function createRestRoute(service: RestService, deps: ServiceDeps): (c: Exchange) => Promise<void> {
  const routes = new Routes(({ head: { method, rawPath } }) => {
    throw new LambdaError('UnknownOperationException', `No operation answers ${method} ${rawPath}.`);
  });
  for (const operation of service.operations) {
    routes.add(operation.method, operation.path, async (c) => {
      const output = await serve(c, operation);
      if (operation.status === 204) sendJson(c, { status: 204 });
      else sendJson(c, { status: operation.status, body: output ?? {} });
    });
  }
  return async (c) => {
    try {
      await routes.serve(c);
    } catch (error) {
      const refusal = toRefusal(error, service);
      if (refusal === undefined) sendJson(c, toErrorAnswer(error, deps.observer));
      else sendRefusal(c, refusal);
    }
  };

  async function serve(c: Exchange, { method, input: shape, ...operation }: RestOperation): Promise<unknown> {
    const caller = await deps.authenticate(c.head, [service.name]);
    const body = await readExchangeBody(c, {
      maxBytes: service.bodyBytes,
      timeoutMs: deps.bodyTimeoutMs,
      tooLarge: () => new LambdaError('RequestEntityTooLargeException', 'The request is too large.'),
    });
    if (method === 'GET') caller.verify(body);
    else caller.verifyOnce(body);
    const input = parseRestInput(shape, { body, query: c.head.query, params: c.params });
    const path = decode(c.head.rawPath).replace(/\/$/, '');
    const wish = service.toWish?.({ method, path, region: caller.scope.region, input });
    const wanted = { wish: () => Promise.resolve(wish), ...operation, input: shape };
    return perform(wanted, input, { caller, exchange: c, authorizer: deps.authorizer });
  }
}

function toRefusal(error: unknown, service: RestService): Refusal | undefined {
  if (!(error instanceof SerializationError)) return service.toRefusal(error);
  return { status: 400, code: 'BadRequestException', message: error.message };
}

function sendRefusal(c: Exchange, { status, code, message }: Refusal): void {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code, 'x-amzn-requestid': c.requestId };
  send(c, { status, headers, body: JSON.stringify({ message }) });
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
