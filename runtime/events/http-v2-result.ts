import { isUtf8 } from 'node:buffer';
import { isJsonObject } from '../contract/json.ts';
import { type HttpHead, isMalformed, type MalformedResult, parseHttpHead } from './http-head.ts';
import { fromPrelude, splitPrelude } from './http-prelude.ts';

export { isMalformed, type MalformedResult } from './http-head.ts';

/** An HTTP answer that is safe to write. */
export interface HttpAnswer extends HttpHead {
  readonly body: Uint8Array;
}

/**
 * Reads a function's result as the response of payload format 2.0. An object with `statusCode` is taken by its members;
 * anything else is inferred: 200, application/json, the JSON itself as the body, a bare string without its quotes. What a guest
 * streamed behind an HTTP prelude is read as that.
 * Nothing a guest returns can break the framing of the connection: such results are malformed.
 */
export function fromHttpResult(payload: Uint8Array): HttpAnswer | MalformedResult {
  const streamed = splitPrelude(payload);
  if (streamed) {
    const head = fromPrelude(streamed.prelude);
    return isMalformed(head) ? head : { ...head, body: streamed.body };
  }
  if (!isUtf8(payload)) return { malformed: 'the result is not UTF-8' };
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  let result: unknown;
  try {
    result = text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return { malformed: 'the result is not JSON' };
  }
  if (!isJsonObject(result) || !Object.hasOwn(result, 'statusCode')) return infer(result);
  const { multiValueHeaders, ...members } = result;
  return fromMembers(members);
}

function infer(result: unknown): HttpAnswer | MalformedResult {
  const body = toText(result);
  if (typeof body === 'string') return { malformed: body };
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/** Reads a result that has `statusCode` by its members. */
export function fromMembers(result: Readonly<Record<string, unknown>>): HttpAnswer | MalformedResult {
  const head = parseHttpHead(result, 'application/json');
  if (isMalformed(head)) return head;
  const body = parseBody(result.body, result.isBase64Encoded);
  return typeof body === 'string' ? { malformed: body } : { ...head, body };
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
