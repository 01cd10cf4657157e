import { createApiGateway } from '../../runtime/gateway/apigateway-api/apigateway-service.ts';
import { createEvents } from '../../runtime/gateway/events-api/events-service.ts';
import { createLogs } from '../../runtime/gateway/logs-api/logs-service.ts';
import type { RestService } from '../../runtime/gateway/rest/rest-service.ts';
import { createScheduler } from '../../runtime/gateway/scheduler-api/scheduler-service.ts';
import type { Service } from '../../runtime/gateway/service/service.ts';
import type { Shape, Structure } from '../../runtime/gateway/service/shape.ts';
import { createSns } from '../../runtime/gateway/sns-api/sns-service.ts';
import { createSqs } from '../../runtime/gateway/sqs-api/sqs-service.ts';
import type { WireRequest } from '../support/exchange.ts';
import type { ServiceName, ServiceRequest } from './service-requests.ts';

const none = (): Promise<never> => Promise.reject(new Error('only its shapes are asked for'));
const SERVICES: Readonly<Partial<Record<ServiceName, Service>>> = {
  sqs: createSqs(none),
  sns: createSns(none),
  logs: createLogs(none),
  events: createEvents(none),
};
const REST: Readonly<Partial<Record<ServiceName, RestService>>> = {
  scheduler: createScheduler({ buses: none, authorizer: { ready: () => undefined, suits: () => 'fit' } }),
  apigateway: createApiGateway({ apis: none, port: 1 }),
};
const VERSIONS: Readonly<Partial<Record<ServiceName, string>>> = {
  ...{ iam: '2010-05-08', sns: '2010-03-31', sqs: '2012-11-05', sts: '2011-06-15' },
};

export type Protocol = 'json' | 'query' | 'rest';

export function protocolsOf(service: ServiceName): readonly Protocol[] {
  if (REST[service] !== undefined) return ['rest'];
  const found = SERVICES[service];
  return [...(found?.json ? ['json' as const] : []), ...(VERSIONS[service] ? ['query' as const] : [])];
}

/** How its input is shaped; undefined of services that read forms by themselves. */
export function shapeOf({ service, operation }: ServiceRequest): Structure | undefined {
  const { operations } = REST[service] ?? SERVICES[service] ?? { operations: [] };
  return operations.find(({ name }) => name === operation)?.input;
}

export function mostBytesOf(service: ServiceName): number {
  return (REST[service] ?? SERVICES[service])?.bodyBytes ?? 1_048_576;
}

/** Members that stand in the path. */
export function pathMembersOf(request: ServiceRequest): readonly string[] {
  return Array.from(restOf(request)?.path.matchAll(/:(\w+)/g) ?? [], ([, name = '']) => name);
}

/** A request as its protocol writes it, unsigned. */
export function toWire(request: ServiceRequest, protocol: Protocol): WireRequest {
  if (protocol === 'json') return toJsonRequest(request);
  return protocol === 'query' ? toQueryRequest(request) : toRestRequest(request);
}

function toJsonRequest({ service, operation, input }: ServiceRequest): WireRequest {
  const { json } = SERVICES[service] ?? {};
  const headers = { 'content-type': json?.contentType ?? '', 'x-amz-target': `${json?.target}.${operation}` };
  return { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
}

function toQueryRequest(request: ServiceRequest): WireRequest {
  const { service, operation, input } = request;
  const named = Object.entries(input).flatMap(([name, value]) =>
    toPairs((shapeOf(request)?.members as Record<string, Shape> | undefined)?.[name], value, { within: '', name }),
  );
  const pairs = [['Action', operation], ['Version', VERSIONS[service] ?? ''], ...named];
  const body = pairs.map(([name = '', value = '']) => `${name}=${encodeLoosely(value)}`).join('&');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', path: '/', headers, body };
}

function toRestRequest(request: ServiceRequest): WireRequest {
  const { method = 'GET', path = '/' } = restOf(request) ?? {};
  const placed = pathMembersOf(request);
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeLoosely(String(request.input[name] ?? '')));
  const rest = Object.fromEntries(Object.entries(request.input).filter(([name]) => !placed.includes(name)));
  if (method === 'GET' || method === 'DELETE') return { method, path: filled };
  return { method, path: filled, headers: { 'content-type': 'application/json' }, body: JSON.stringify(rest) };
}

function restOf({ service, operation }: ServiceRequest) {
  return REST[service]?.operations.find(({ name }) => name === operation);
}

/** A member as a form has it; what has no shape is framed, as IAM has all. */
function toPairs(
  shape: Shape | undefined,
  value: unknown,
  { within, name }: { readonly within: string; readonly name: string },
): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) {
    const list = shape?.kind === 'list' ? shape : undefined;
    const item = list?.itemName ?? 'member';
    const base = list !== undefined && !list.isFramed ? `${within}${item}` : `${within}${name}.${item}`;
    return value.flatMap((each, at) => toPairs(list?.item, each, { within: '', name: `${base}.${at + 1}` }));
  }
  if (typeof value !== 'object' || value === null) return [[`${within}${name}`, String(value)]];
  if (shape?.kind === 'map') {
    const base = shape.isFramed ? `${within}${name}.${shape.entryName}` : `${within}${shape.entryName}`;
    return Object.entries(value).flatMap(([key, each], at) => [
      [`${base}.${at + 1}.${shape.keyName}`, key] as const,
      ...toPairs(shape.value, each, { within: '', name: `${base}.${at + 1}.${shape.valueName}` }),
    ]);
  }
  const members = shape?.kind === 'structure' ? (shape.members as Readonly<Record<string, Shape>>) : {};
  return Object.entries(value).flatMap(([key, each]) =>
    toPairs(members[key], each, { within: `${within}${name}.`, name: key }),
  );
}

/** Halves of characters are written as they are, byte for byte. */
function encodeLoosely(text: string): string {
  return text.replace(/[\ud800-\udfff]|[^\ud800-\udfff]+/gu, (part) =>
    /^[\ud800-\udfff]$/u.test(part) ? '%ED%A0%80' : encodeURIComponent(part),
  );
}
