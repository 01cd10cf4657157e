/** The facts of an HTTP request that payload format 2.0 tells a function. */
export interface HttpRequestFacts {
  readonly method: string;
  /** As sent, percent-encoding kept, without the query; starts with a slash. */
  readonly rawPath: string;
  /** As sent, without the question mark. */
  readonly rawQuery: string;
  /** Names in lower case; duplicates joined with a comma, cookies with a semicolon. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly sourceIp: string;
  /** Port and scheme the client used: they become x-forwarded-port and x-forwarded-proto. */
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** Such as `HTTP/1.1`. */
  readonly protocol: string;
}

/** What surrounds the request: whose URL or API it is and who calls. */
export interface HttpEventContext {
  readonly urlId: string;
  readonly domainName: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** The verified caller of a URL with AuthType AWS_IAM; absent for NONE. */
  readonly caller?: UrlCaller;
  /** Absent for function URLs. */
  readonly route?: HttpRoute;
}

/** The route of an HTTP API by which a request came. */
export interface HttpRoute {
  /** Whose the API is. */
  readonly accountId: string;
  /** `METHOD /path/{parameter}`, or `$default`. */
  readonly key: string;
  readonly stage: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** What an authorizer said of the caller, by its kind: `jwt` or `lambda`. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

export interface UrlCaller {
  readonly accessKeyId: string;
  readonly accountId: string;
  /** Absent for root. */
  readonly user?: { readonly arn: string; readonly userId: string };
}

/**
 * Turns a request into the event of payload format 2.0, as function URLs and HTTP APIs send it.
 * Source: "Invoking Lambda function URLs", request payload format.
 */
export function toHttpEvent(request: HttpRequestFacts, context: HttpEventContext): Readonly<Record<string, unknown>> {
  const { cookie, ...rest } = request.headers;
  const headers: Record<string, string> = {
    ...rest,
    'x-amzn-trace-id': context.traceId,
    'x-forwarded-for': request.sourceIp,
    'x-forwarded-port': String(request.port),
    'x-forwarded-proto': request.scheme,
  };
  const query = toQueryParameters(request.rawQuery);
  const text = isTextual(headers['content-type']) && !('content-encoding' in headers);
  return {
    version: '2.0',
    routeKey: context.route?.key ?? '$default',
    rawPath: request.rawPath,
    rawQueryString: request.rawQuery,
    ...(cookie === undefined ? {} : { cookies: toCookies(cookie) }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: context.route?.accountId ?? context.caller?.accountId ?? 'anonymous',
      apiId: context.urlId,
      ...toAuthorizer(context),
      domainName: context.domainName,
      domainPrefix: context.urlId,
      http: {
        method: request.method,
        path: request.rawPath,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: context.route?.key ?? '$default',
      stage: context.route?.stage ?? '$default',
      time: toClfTime(context.receivedAt),
      timeEpoch: context.receivedAt,
    },
    ...(context.route?.pathParameters && { pathParameters: context.route.pathParameters }),
    ...(context.route?.stageVariables && { stageVariables: context.route.stageVariables }),
    ...(request.body.byteLength === 0 ? {} : { body: toBody(request.body, text ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.byteLength > 0 && !text,
  };
}

export function toBody(body: Uint8Array, encoding: 'utf8' | 'base64'): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString(encoding);
}

function toCookies(header: string): string[] {
  return header
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');
}

function toAuthorizer({ caller, route }: HttpEventContext): { readonly authorizer?: unknown } {
  if (caller !== undefined) return { authorizer: { iam: toIam(caller) } };
  return route?.authorizer === undefined ? {} : { authorizer: route.authorizer };
}

function toIam({ accessKeyId, accountId, user }: UrlCaller): unknown {
  const userId = user?.userId ?? accountId;
  return {
    accessKey: accessKeyId,
    accountId,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: user?.arn ?? `arn:aws:iam::${accountId}:root`,
    userId,
  };
}

/** Decoded parameters, repeats joined with a comma; undefined when there are none. */
function toQueryParameters(rawQuery: string): Record<string, string> | undefined {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return joined.size === 0 ? undefined : Object.fromEntries(joined);
}

const TEXTUAL =
  /^(?:text\/[^;]*|application\/(?:[^;]*\+)?(?:json|xml)|application\/(?:javascript|x-www-form-urlencoded))\s*(?:;|$)/i;

/** Lambda hands these bodies over as text and all others as base64. */
export function isTextual(contentType: string | undefined): boolean {
  return contentType !== undefined && TEXTUAL.test(contentType.trim());
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The Common Log Format's time, `12/Mar/2020:19:03:58 +0000`. */
export function toClfTime(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}
