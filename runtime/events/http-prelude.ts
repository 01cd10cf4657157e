import { isJsonObject } from '../contract/json.ts';
import { HTTP_PRELUDE_BYTES } from '../contract/limits.ts';
import { type HttpHead, type MalformedResult, parseHttpHead } from './http-head.ts';

/** Between prelude and body; JSON holds no such byte. */
const END = Buffer.alloc(8);
const BRACE = 0x7b;

/** What a streamed answer is that says nothing of itself. */
export const STREAM_CONTENT_TYPE = 'application/octet-stream';

/** Takes what a guest streamed apart, when it begins with an HTTP prelude: an object of JSON, then eight NUL bytes. */
export function splitPrelude(
  payload: Uint8Array,
): { readonly prelude: Uint8Array; readonly body: Uint8Array } | undefined {
  if (payload[0] !== BRACE) return undefined;
  const beginning = payload.subarray(0, HTTP_PRELUDE_BYTES + END.length);
  const at = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.byteLength).indexOf(END);
  return at === -1 ? undefined : { prelude: payload.subarray(0, at), body: payload.subarray(at + END.length) };
}

/** Reads the JSON of an HTTP prelude; with the eight NUL bytes or without. Its status is 200 unless it says otherwise. */
export function fromPrelude(prelude: Uint8Array): HttpHead | MalformedResult {
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(prelude).replace(/\0{8}$/, ''));
  } catch {
    return { malformed: 'the HTTP prelude is not JSON' };
  }
  if (!isJsonObject(head)) return { malformed: 'the HTTP prelude is not an object' };
  return parseHttpHead({ ...head, statusCode: head.statusCode ?? 200 }, STREAM_CONTENT_TYPE);
}
