import { isJsonObject } from '../contract/json.ts';
import type { MalformedResult } from './http-head.ts';
import { fromMembers, type HttpAnswer } from './http-v2-result.ts';

/** Reads a function's result as the response of payload format 1.0: an object with `statusCode`; nothing is inferred. */
export function fromHttpV1Result(payload: Uint8Array): HttpAnswer | MalformedResult {
  let result: unknown;
  try {
    result = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return { malformed: 'the result is not JSON' };
  }
  if (!isJsonObject(result) || !Object.hasOwn(result, 'statusCode')) {
    return { malformed: 'the result has no statusCode' };
  }
  const { cookies, ...members } = result;
  return fromMembers(members);
}
