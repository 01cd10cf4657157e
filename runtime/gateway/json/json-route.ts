import { LambdaError } from '../../contract/errors.ts';
import { type Exchange, readExchangeBody, send } from '../exchange.ts';
import { parseInput } from '../service/parse-input.ts';
import { perform, type ServiceDeps } from '../service/perform.ts';
import type { Service, ServiceOperation } from '../service/service.ts';
import { type JsonFailure, toJsonFailure } from './json-errors.ts';
import { toJson } from './to-json.ts';

interface Target {
  readonly service: Service;
  readonly operation: ServiceOperation;
}

/** Serves services that speak AWS's JSON protocols: `X-Amz-Target` names service and operation. */
export function createJsonRoute(services: readonly Service[], deps: ServiceDeps): (c: Exchange) => Promise<void> {
  const byTarget = new Map(
    services.flatMap((service) =>
      service.operations.map((operation): [string, Target] => [
        `${service.json?.target}.${operation.name}`,
        { service, operation },
      ]),
    ),
  );
  return async (c) => {
    const target = c.head.headers['x-amz-target'] ?? '';
    const service = services.find(({ json }) => target.startsWith(`${json?.target}.`));
    if (service === undefined) return sendTyped(c, toUnknown(target));
    try {
      const body = await serve(c, target, service);
      sendTyped(c, { status: 200, headers: { 'content-type': service.json?.contentType ?? '' }, body });
    } catch (error) {
      sendTyped(c, toJsonFailure(error, { service, observer: deps.observer }));
    }
  };

  async function serve(c: Exchange, target: string, service: Service): Promise<string> {
    const caller = await deps.authenticate(c.head, [service.name]);
    const body = await readExchangeBody(c, {
      maxBytes: service.bodyBytes,
      timeoutMs: deps.bodyTimeoutMs,
      tooLarge: () => new LambdaError('RequestEntityTooLargeException', 'The request is too large.'),
    });
    caller.verifyOnce(body);
    const found = byTarget.get(target);
    if (found === undefined) throw unknown(target);
    const { operation } = found;
    const input = parseInput(operation.input, body);
    const output = await perform(operation, input, { caller, exchange: c, authorizer: deps.authorizer });
    return operation.output === undefined ? '{}' : toJson(output);
  }
}

function unknown(target: string): LambdaError {
  return new LambdaError('UnknownOperationException', `No operation is called ${target.slice(0, 128)}.`);
}

/** Of a service that is none: newer clients read the error's name in the body only. */
function toUnknown(target: string): JsonFailure {
  const { code, message, status } = unknown(target);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ __type: code, message }) };
}

function sendTyped(
  c: Exchange,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string },
): void {
  send(c, { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': c.requestId } });
}
