import { badRequest } from './api-error.ts';

/** One part of a route's path between slashes. */
export type Segment =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  /** The rest of the path, a segment at least; always the last. */
  | { readonly kind: 'greedy'; readonly name: string };

export interface RouteKey {
  /** `ANY` stands for all. */
  readonly method: string;
  readonly path: string;
  readonly segments: readonly Segment[];
}

export const DEFAULT_ROUTE = '$default';

const KEY = /^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (\/\S*)$/;
const MOST_LENGTH = 512;
const NAME = /^[A-Za-z0-9._-]{1,128}$/;
const STATIC = /^[A-Za-z0-9._~!$&'()*+,;=:@%-]*$/;

/** Reads a route key; undefined stands for `$default`. Throws an ApiError for what is none. */
export function parseRouteKey(key: string): RouteKey | undefined {
  if (key === DEFAULT_ROUTE) return undefined;
  const match = key.length <= MOST_LENGTH ? KEY.exec(key) : null;
  if (match === null) throw malformed(key);
  const [, method = '', path = ''] = match;
  const parts = path === '/' ? [] : path.slice(1).split('/');
  const segments = parts.map((part, at) => parseSegment(key, part, at === parts.length - 1));
  const names = segments.flatMap((segment) => (segment.kind === 'static' ? [] : [segment.name]));
  if (new Set(names).size !== names.length) throw malformed(key);
  return { method, path, segments };
}

/** Keys that match the same requests are equal, whatever they call their parameters. */
export function toSignature(key: string): string {
  const parsed = parseRouteKey(key);
  if (parsed === undefined) return DEFAULT_ROUTE;
  const marks = { parameter: '{}', greedy: '{+}' } as const;
  const parts = parsed.segments.map((segment) => (segment.kind === 'static' ? segment.text : marks[segment.kind]));
  return `${parsed.method} /${parts.join('/')}`;
}

function parseSegment(key: string, part: string, isLast: boolean): Segment {
  const braces = /^\{(.*?)(\+?)\}$/.exec(part);
  if (braces === null) {
    if (part === '' && !isLast) throw malformed(key);
    if (!STATIC.test(part)) throw malformed(key);
    return { kind: 'static', text: decode(key, part) };
  }
  const [, name = '', plus] = braces;
  if (!NAME.test(name) || (plus === '+' && !isLast)) throw malformed(key);
  return { kind: plus === '+' ? 'greedy' : 'parameter', name };
}

function decode(key: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed(key);
  }
}

function malformed(key: string): Error {
  return badRequest(
    `The provided route key is not formatted properly for HTTP protocol: ${key.slice(0, 128)}. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"`,
  );
}
