import type { HttpRequestFacts, HttpRoute } from './http-v2-event.ts';
import { isTextual, toBody, toClfTime } from './http-v2-event.ts';

/** What surrounds a request of payload format 1.0. */
export interface HttpV1Context {
  readonly apiId: string;
  readonly domainName: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly route: HttpRoute;
  /** What an authorizer said: claims and scopes of a token, or a function's context. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
  /** Who signed, of a route with AWS_IAM. */
  readonly identity?: Readonly<Record<string, unknown>>;
}

/**
 * Turns a request into the event of payload format 1.0, as HTTP APIs send it.
 * Source: "Create AWS Lambda proxy integrations for HTTP APIs", payload format version.
 */
export function toHttpV1Event(request: HttpRequestFacts, context: HttpV1Context): Readonly<Record<string, unknown>> {
  const { route } = context;
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amzn-trace-id': context.traceId,
    'x-forwarded-for': request.sourceIp,
    'x-forwarded-port': String(request.port),
    'x-forwarded-proto': request.scheme,
  };
  const query = [...new URLSearchParams(request.rawQuery)];
  const isText = isTextual(headers['content-type']) && !('content-encoding' in headers);
  const hasBody = request.body.byteLength > 0;
  const resource = route.key.slice(route.key.indexOf(' ') + 1);
  return {
    version: '1.0',
    resource,
    path: request.rawPath,
    httpMethod: request.method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: query.length === 0 ? null : Object.fromEntries(query),
    multiValueQueryStringParameters: query.length === 0 ? null : toLists(query),
    requestContext: {
      accountId: route.accountId,
      apiId: context.apiId,
      ...(context.authorizer && { authorizer: context.authorizer }),
      domainName: context.domainName,
      domainPrefix: context.apiId,
      extendedRequestId: context.requestId,
      httpMethod: request.method,
      identity: { ...NOBODY, ...context.identity, sourceIp: request.sourceIp, userAgent: headers['user-agent'] ?? '' },
      path: request.rawPath,
      protocol: request.protocol,
      requestId: context.requestId,
      requestTime: toClfTime(context.receivedAt),
      requestTimeEpoch: context.receivedAt,
      resourceId: route.key,
      resourcePath: resource,
      stage: route.stage,
    },
    pathParameters: route.pathParameters ?? null,
    stageVariables: route.stageVariables ?? null,
    body: hasBody ? toBody(request.body, isText ? 'utf8' : 'base64') : null,
    isBase64Encoded: hasBody && !isText,
  };
}

const NOBODY: Readonly<Record<string, null>> = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

function toLists(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [value]);
    else list.push(value);
  }
  return Object.fromEntries(lists);
}
