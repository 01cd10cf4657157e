import { isJsonObject } from '../contract/json.ts';
import { HTTP_PRELUDE_BYTES } from '../contract/limits.ts';

/** The head of an HTTP answer that is safe to write: names are tokens, values hold no line break, the status is one HTTP knows. */
export interface HttpHead {
  readonly status: number;
  /** Names in lower case; a list means one header line each. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** A result that is no HTTP answer; the message says what is wrong with it, for the operator's eyes. */
export interface MalformedResult {
  readonly malformed: string;
}

export function isMalformed(answer: HttpHead | MalformedResult): answer is MalformedResult {
  return 'malformed' in answer;
}

/** Reads `statusCode`, `headers`, `cookies` and payload format 1.0's `multiValueHeaders`; an answer that does not say what it is, is `contentType`. */
export function parseHttpHead(
  result: Readonly<Record<string, unknown>>,
  contentType: string,
): HttpHead | MalformedResult {
  const status = parseStatus(result.statusCode);
  if (status === undefined) return { malformed: 'statusCode is not a whole number from 200 to 599' };
  const headers = parseHeaders(result.headers);
  if (typeof headers === 'string') return { malformed: headers };
  const lists = parseHeaderLists(result.multiValueHeaders);
  if (typeof lists === 'string') return { malformed: lists };
  for (const [name, values] of Object.entries(lists)) {
    const single = [headers[name] ?? []].flat();
    headers[name] = [...values.filter((value) => !single.includes(value)), ...single];
  }
  const cookies = parseCookies(result.cookies);
  if (typeof cookies === 'string') return { malformed: cookies };
  if (cookies.length > 0) headers['set-cookie'] = [...[headers['set-cookie'] ?? []].flat(), ...cookies];
  headers['content-type'] ??= contentType;
  if (sizeOf(headers) > HTTP_PRELUDE_BYTES)
    return { malformed: `the headers are larger than ${HTTP_PRELUDE_BYTES} bytes` };
  return { status, headers };
}

/** What header lines take in HTTP, in bytes. */
function sizeOf(headers: HttpHead['headers']): number {
  let bytes = 0;
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values].flat()) bytes += name.length + value.length + ': \r\n'.length;
  }
  return bytes;
}

/** 1xx are no final answers in HTTP: a server that sends one as such breaks the connection for its client. */
function parseStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  if (typeof status !== 'number' || !Number.isInteger(status)) return undefined;
  return status >= 200 && status <= 599 ? status : undefined;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible ASCII, spaces, tabs and Latin-1: what a header line can carry. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function parseHeaders(value: unknown): Record<string, string | readonly string[]> | string {
  const headers: Record<string, string | readonly string[]> = Object.create(null);
  if (value === undefined || value === null) return headers;
  if (!isJsonObject(value)) return 'headers is not an object';
  for (const [name, raw] of Object.entries(value)) {
    const header = parseHeader(name, raw);
    if ('malformed' in header) return header.malformed;
    if (!HOP_BY_HOP.has(header.name)) headers[header.name] = header.value;
  }
  return headers;
}

/** Reads `multiValueHeaders` of payload format 1.0: lists by name. */
function parseHeaderLists(value: unknown): Record<string, readonly string[]> | string {
  const headers: Record<string, string[]> = Object.create(null);
  if (value === undefined || value === null) return headers;
  if (!isJsonObject(value)) return 'multiValueHeaders is not an object';
  for (const [name, items] of Object.entries(value)) {
    if (!Array.isArray(items)) return 'a member of multiValueHeaders is not a list';
    for (const item of items as readonly unknown[]) {
      const header = parseHeader(name, item);
      if ('malformed' in header) return header.malformed;
      if (HOP_BY_HOP.has(header.name)) continue;
      headers[header.name] ??= [];
      headers[header.name]?.push(header.value);
    }
  }
  return headers;
}

function parseHeader(name: string, raw: unknown): { readonly name: string; readonly value: string } | MalformedResult {
  if (!TOKEN.test(name)) return { malformed: 'a header name holds characters that HTTP does not allow' };
  const lower = name.toLowerCase();
  const value = typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw;
  if (HOP_BY_HOP.has(lower)) return { name: lower, value: '' };
  if (typeof value !== 'string') return { malformed: `the header ${lower} is not a string` };
  if (!FIELD_VALUE.test(value)) return { malformed: `the header ${lower} holds characters that HTTP does not allow` };
  return { name: lower, value };
}

function parseCookies(value: unknown): readonly string[] | string {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return 'cookies is not a list';
  for (const cookie of value as readonly unknown[]) {
    if (typeof cookie !== 'string') return 'a cookie is not a string';
    if (!FIELD_VALUE.test(cookie)) return 'a cookie holds characters that HTTP does not allow';
  }
  return value as readonly string[];
}
