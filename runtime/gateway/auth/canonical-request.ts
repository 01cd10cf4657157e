import type { RequestHead } from '../request-head.ts';

/**
 * What a signature covers: Signature Version 4's canonical request. `signedHeaders`: names in lower case, each of which the head
 * has; `payloadHash`: hexadecimal.
 */
export function toCanonicalRequest(
  { method, rawPath, query, headers }: Pick<RequestHead, 'method' | 'rawPath' | 'query' | 'headers'>,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const names = [...new Set(signedHeaders)].sort();
  const lines = names.map((name) => `${name}:${toCanonicalValue(headers[name] as string)}\n`).join('');
  return `${method}\n${toCanonicalPath(rawPath)}\n${toCanonicalQuery(query)}\n${lines}\n${names.join(';')}\n${payloadHash}`;
}

function toCanonicalValue(value: string): string {
  return value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}

/** Without empty segments and dots, and percent-encoded once more than it came. */
function toCanonicalPath(rawPath: string): string {
  const segments: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  const end = segments.length > 0 && rawPath.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function toCanonicalQuery(query: RequestHead['query']): string {
  const pairs = query.map(([name, value]) => [encode(name), encode(value)] as const);
  pairs.sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Everything but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
