import type { Attributes, SpanKind } from './span.ts';

/** The head of a guest's call, or of what it was answered: any JSON. */
type Head = Readonly<Record<string, unknown>>;

/** Of what guests write, in characters. */
const MOST_CHARACTERS = 512;
const OPERATIONS = /^[a-z]{1,20}(?:\.[A-Za-z]{1,20})?$/;

/** By few words, so that calls of one kind have one name. */
export function toCallName(head: Head): string {
  const op = text(head.op);
  if (op === 'fetch') return toMethod(head);
  return OPERATIONS.test(op) ? op : 'call';
}

/** What is sent for later has no answer to wait for. */
export function toCallKind({ op, type }: Head): SpanKind {
  return op === 'queue.send' || (op === 'invoke' && type === 'Event') ? 'producer' : 'client';
}

/** By OpenTelemetry's conventions for HTTP, databases, messages, and functions as a service. */
export function toCallAttributes(head: Head): Attributes {
  const op = text(head.op);
  if (op === 'fetch') return toFetchAttributes(head);
  if (op === 'invoke') return { 'faas.invoked_name': text(head.function), 'faas.invoked_provider': 'isola' };
  if (op === 'queue.send')
    return { 'messaging.operation.name': 'send', 'messaging.destination.name': text(head.queue) };
  if (!op.startsWith('kv.')) return {};
  const namespace = text(head.namespace);
  return {
    ...{ 'db.system.name': 'isola.kv', 'db.operation.name': op.slice(3, 23) },
    ...(namespace === '' ? {} : { 'db.namespace': namespace }),
  };
}

/** What came of it: HTTP's status, or why it was not done. */
export function toCallResult(answer: Head): { readonly isError: boolean; readonly attributes: Attributes } {
  const { error, status, functionError } = answer;
  if (typeof error === 'object' && error !== null) {
    return { isError: true, attributes: { 'error.type': text((error as { type?: unknown }).type) || 'Error' } };
  }
  if (functionError !== undefined) return { isError: true, attributes: { 'error.type': text(functionError) } };
  if (typeof status !== 'number' || !Array.isArray(answer.headers)) return { isError: false, attributes: {} };
  const isError = status >= 400;
  const type: Attributes = isError ? { 'error.type': String(status) } : {};
  return { isError, attributes: { 'http.response.status_code': status, ...type } };
}

/** Without the query and the user, which may hold secrets. */
function toFetchAttributes(head: Head): Attributes {
  const url = URL.canParse(text(head.url)) ? new URL(text(head.url)) : undefined;
  if (!url) return { 'http.request.method': toMethod(head) };
  const { protocol, hostname, port, origin, pathname } = url;
  return {
    'http.request.method': toMethod(head),
    'url.full': `${origin}${pathname}`.slice(0, MOST_CHARACTERS),
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
  };
}

function toMethod(head: Head): string {
  const method = (text(head.method) || 'GET').toUpperCase();
  return /^(?:DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT)$/.test(method) ? method : '_OTHER';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MOST_CHARACTERS).replaceAll(/\p{Surrogate}/gu, '\ufffd') : '';
}
