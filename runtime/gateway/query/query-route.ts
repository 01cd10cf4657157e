import { LambdaError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/scope.ts';
import type { Identities } from '../../identity/index.ts';
import { assertAllowed } from '../auth/access.ts';
import { peekService } from '../auth/authorization.ts';
import { createNobody } from '../auth/nobody.ts';
import { type Exchange, readExchangeBody, send } from '../exchange.ts';
import type { RequestHead } from '../request-head.ts';
import type { ServiceDeps } from '../service/perform.ts';
import { toQueryFailure } from './query-errors.ts';
import { QueryForm } from './query-form.ts';
import type { QueryOperation, QueryService } from './query-operation.ts';
import { toXml } from './xml.ts';

/** More parameters than the largest batch has. */
const MOST_PARAMETERS = 2_000;

export interface QueryDeps extends ServiceDeps {
  readonly identities: () => Promise<Identities>;
  /** Where those are who did not say for which region they ask. */
  readonly home: Scope;
}

interface Found {
  readonly service: QueryService;
  readonly operation: QueryOperation;
}

/** Serves services that speak AWS's Query protocol: a form in, XML out. `Version` tells them apart, `Action` their operations. */
export function createQueryRoute(services: readonly QueryService[], deps: QueryDeps): (c: Exchange) => Promise<void> {
  return async (c) => {
    const found: { service: QueryService } = { service: services[0]! };
    try {
      sendXml(c, 200, await serve(c, found));
    } catch (error) {
      const { service } = found;
      const failure = toQueryFailure(error, { service, requestId: c.requestId, observer: deps.observer });
      sendXml(c, failure.status, failure.body);
    }
  };

  async function serve(c: Exchange, found: { service: QueryService }): Promise<string> {
    const { head } = c;
    const link = findLink(services, head);
    const names = services.map(({ name }) => name);
    const caller = link === undefined ? await deps.authenticate(head, names) : createNobody(deps.home);
    found.service = link?.service ?? services.find(({ name }) => name === peekService(head)) ?? found.service;
    const body = await readExchangeBody(c, {
      maxBytes: found.service.bodyBytes,
      timeoutMs: deps.bodyTimeoutMs,
      tooLarge: () => new LambdaError('RequestEntityTooLargeException', 'The request is too large.'),
    });
    caller.verifyOnce(body);
    const parameters = parseForm(head.method === 'GET' ? head.rawQuery : Buffer.from(body).toString());
    const { service, operation } = link ?? find(services, parameters);
    found.service = service;
    const identities = await deps.identities();
    const request = { caller, form: new QueryForm(parameters), exchange: c, identities };
    if (operation.resource !== undefined) {
      const action = `${service.name}:${operation.name}`;
      await assertAllowed(deps.authorizer, caller, head, { action, resource: operation.resource(request) });
    }
    const result = await operation.handle(request);
    const metadata = toXml('ResponseMetadata', { RequestId: c.requestId });
    const content = toXml(`${operation.name}Result`, result) + metadata;
    return `<${operation.name}Response xmlns="${service.namespace}">${content}</${operation.name}Response>\n`;
  }
}

function parseForm(text: string): URLSearchParams {
  let count = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) count += 1;
  if (count >= MOST_PARAMETERS) throw new LambdaError('ValidationException', 'The request has too many parameters.');
  return new URLSearchParams(text);
}

/** What an unsigned link asks for: links name no version. */
function findLink(services: readonly QueryService[], { method, headers, query }: RequestHead): Found | undefined {
  if (method !== 'GET' || headers.authorization !== undefined) return undefined;
  if (query.some(([name]) => name === 'X-Amz-Algorithm')) return undefined;
  const action = query.find(([name]) => name === 'Action')?.[1];
  for (const service of services) {
    const operation = service.operations.find(({ name, isLink }) => isLink && name === action);
    if (operation !== undefined) return { service, operation };
  }
  return undefined;
}

function find(services: readonly QueryService[], parameters: URLSearchParams): Found {
  const action = parameters.get('Action') ?? '';
  const version = parameters.get('Version') ?? '';
  const service = services.find((each) => each.version === version);
  const operation = service?.operations.find(({ name }) => name === action);
  if (service && operation) return { service, operation };
  throw new LambdaError(
    'UnknownOperationException',
    `Could not find operation ${action.slice(0, 128)} for version ${version.slice(0, 32)}`,
  );
}

function sendXml(c: Exchange, status: number, body: string): void {
  send(c, { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': c.requestId }, body });
}
