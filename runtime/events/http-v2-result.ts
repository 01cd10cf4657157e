import { isUtf8 } from 'node:buffer';

/** An HTTP answer that is safe to write: names are tokens, values hold no line break, the status is one HTTP knows. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; a list means one header line each. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
}

/** A result that is no HTTP answer; the message says what is wrong with it, for the operator's eyes. */
export interface MalformedResult {
  readonly malformed: string;
}

/**
 * Reads a function's result as the response of payload format 2.0. An object with `statusCode` is taken by its members;
 * anything else is inferred: 200, application/json, the JSON itself as the body, a bare string without its quotes.
 * Nothing a guest returns can break the framing of the connection: such results are malformed.
 */
export function fromHttpResult(payload: Uint8Array): HttpAnswer | MalformedResult {
  if (!isUtf8(payload)) return { malformed: 'the result is not UTF-8' };
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  let result: unknown;
  try {
    result = text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return { malformed: 'the result is not JSON' };
  }
  return isRecord(result) && Object.hasOwn(result, 'statusCode') ? fromMembers(result) : infer(result);
}

export function isMalformed(answer: HttpAnswer | MalformedResult): answer is MalformedResult {
  return 'malformed' in answer;
}

function infer(result: unknown): HttpAnswer | MalformedResult {
  const body = toText(result);
  if (typeof body === 'string') return { malformed: body };
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function fromMembers(result: Readonly<Record<string, unknown>>): HttpAnswer | MalformedResult {
  const status = parseStatus(result.statusCode);
  if (status === undefined) return { malformed: 'statusCode is not a whole number from 200 to 599' };
  const headers = parseHeaders(result.headers);
  if (typeof headers === 'string') return { malformed: headers };
  const cookies = parseCookies(result.cookies);
  if (typeof cookies === 'string') return { malformed: cookies };
  if (cookies.length > 0) headers['set-cookie'] = [...[headers['set-cookie'] ?? []].flat(), ...cookies];
  const body = parseBody(result.body, result.isBase64Encoded);
  if (typeof body === 'string') return { malformed: body };
  headers['content-type'] ??= 'application/json';
  return { status, headers, body };
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
  if (!isRecord(value)) return 'headers is not an object';
  for (const [name, raw] of Object.entries(value)) {
    if (!TOKEN.test(name)) return 'a header name holds characters that HTTP does not allow';
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower)) continue;
    const field = typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw;
    if (typeof field !== 'string') return `the header ${lower} is not a string`;
    if (!FIELD_VALUE.test(field)) return `the header ${lower} holds characters that HTTP does not allow`;
    headers[lower] = field;
  }
  return headers;
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

function parseBody(value: unknown, encoded: unknown): Uint8Array | string {
  if (value === undefined || value === null) return new Uint8Array(0);
  if (encoded === true) return parseBase64(value);
  return toText(value);
}

/** V8 reads JSON however deep, but writes it only as deep as its stack. */
function toText(value: unknown): Uint8Array | string {
  if (typeof value === 'string') return Buffer.from(value);
  try {
    return Buffer.from(JSON.stringify(value));
  } catch {
    return 'the body is nested too deeply';
  }
}

const BASE64 = /^[A-Za-z0-9+/\-_\s]*={0,2}\s*$/;

function parseBase64(value: unknown): Uint8Array | string {
  // One letter left over is six bits, and no byte.
  const isBase64 = typeof value === 'string' && BASE64.test(value) && value.replace(/[\s=]/g, '').length % 4 !== 1;
  return isBase64 ? Buffer.from(value, 'base64') : 'isBase64Encoded is true, but the body is not base64';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
