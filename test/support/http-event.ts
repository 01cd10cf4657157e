/** What a function URL's caller may send besides method and target. */
export interface HttpParts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string | Uint8Array;
}

/** A function URL's answer as an example gives it. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The event of a function URL (payload format 2.0) for a request; a body of bytes travels as base64. */
export function httpEvent(method: string, target: string, parts: HttpParts = {}): Record<string, unknown> {
  const [rawPath = '/', rawQueryString = ''] = target.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(parts.cookies ? { cookies: parts.cookies } : {}),
    headers: parts.headers ?? {},
    requestContext: { http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' } },
    ...(parts.body === undefined
      ? {}
      : { body: typeof parts.body === 'string' ? parts.body : Buffer.from(parts.body).toString('base64') }),
    isBase64Encoded: parts.body instanceof Uint8Array,
  };
}
