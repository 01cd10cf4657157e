import { badRequest } from './api-error.ts';
import type { Texts } from './api-record.ts';

/** Where of a request an authorizer looks. */
export interface IdentitySource {
  readonly kind: 'header' | 'query' | 'context' | 'stageVariable';
  /** A header's in lower case. */
  readonly name: string;
}

const KINDS: readonly (readonly [IdentitySource['kind'], RegExp])[] = [
  ['header', /^\$request\.header\.([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256})$/],
  ['query', /^\$request\.querystring\.([A-Za-z0-9._~$:-]{1,256})$/],
  ['context', /^\$context\.([A-Za-z0-9.]{1,256})$/],
  ['stageVariable', /^\$stageVariables\.(\w{1,64})$/],
];

/** Throws an ApiError for what is no expression that names one. */
export function parseIdentitySource(expression: string): IdentitySource {
  for (const [kind, pattern] of KINDS) {
    const name = pattern.exec(expression)?.[1];
    if (name !== undefined) return { kind, name: kind === 'header' ? name.toLowerCase() : name };
  }
  throw badRequest(`Invalid identitySource: ${expression.slice(0, 256)}`);
}

/** What of a request identity sources can name. */
export interface Sourced {
  readonly headers: Texts;
  /** Decoded. */
  readonly query: URLSearchParams;
  readonly stageVariables: Texts;
  /** The event's `requestContext`. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** What the expressions name in a request; undefined when one is missing or empty, as API Gateway then refuses. */
export function readIdentity(expressions: readonly string[], request: Sourced): readonly string[] | undefined {
  const values = expressions.map((expression) => readOne(parseIdentitySource(expression), request));
  return values.some((value) => !value) ? undefined : (values as string[]);
}

function readOne({ kind, name }: IdentitySource, request: Sourced): string | undefined {
  switch (kind) {
    case 'header':
      return Object.hasOwn(request.headers, name) ? request.headers[name] : undefined;
    case 'query':
      return request.query.get(name) ?? undefined;
    case 'stageVariable':
      return Object.hasOwn(request.stageVariables, name) ? request.stageVariables[name] : undefined;
    case 'context': {
      let value: unknown = request.context;
      for (const part of name.split('.')) {
        if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
        value = (value as Readonly<Record<string, unknown>>)[part];
      }
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    }
  }
}
