import type { Cors } from '../../contract/cors.ts';
import type { Answer } from '../exchange.ts';
import type { RequestHead } from '../request-head.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/**
 * Answers a browser's preflight for a function URL that has a Cors configuration; undefined for every other request.
 * The function is not invoked and no signature is asked for, as a browser signs no preflight.
 * Source: the Fetch standard, "CORS protocol", and Lambda's `Cors` type.
 */
export function toPreflight(cors: Cors | undefined, head: RequestHead, requestId: string): Answer | undefined {
  const { origin, 'access-control-request-method': method } = head.headers;
  if (!cors || head.method !== 'OPTIONS' || origin === undefined || method === undefined) return undefined;
  const allowed = toAllowedOrigin(cors, origin);
  return {
    status: 200,
    headers: {
      'x-amzn-requestid': requestId,
      vary: 'Origin',
      ...(allowed === undefined
        ? {}
        : {
            ...allowed,
            'access-control-allow-methods': (cors.allowMethods ?? []).join(','),
            'access-control-allow-headers': (cors.allowHeaders ?? []).join(','),
            'access-control-max-age': String(cors.maxAge ?? 0),
          }),
    },
  };
}

/** What the URL's configuration says of cross-origin readers stands in place of what the function said. */
export function withCors(cors: Cors | undefined, head: RequestHead, answer: Answer): Answer {
  if (!cors) return answer;
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  const { vary, ...headers }: Headers = Object.fromEntries(own);
  const { origin } = head.headers;
  const allowed = origin === undefined ? undefined : toAllowedOrigin(cors, origin);
  const exposed = cors.exposeHeaders ?? [];
  return {
    ...answer,
    headers: {
      ...headers,
      vary: vary === undefined ? 'Origin' : [...[vary].flat(), 'Origin'].join(', '),
      ...allowed,
      ...(allowed && exposed.length > 0 ? { 'access-control-expose-headers': exposed.join(',') } : {}),
    },
  };
}

/** A credentialed answer must name the origin; `*` would be refused by the browser. */
function toAllowedOrigin(cors: Cors, origin: string): Headers | undefined {
  const origins = cors.allowOrigins ?? [];
  const anyone = origins.includes('*');
  if (!anyone && !origins.includes(origin)) return undefined;
  if (cors.allowCredentials) {
    return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
  }
  return { 'access-control-allow-origin': anyone ? '*' : origin };
}
