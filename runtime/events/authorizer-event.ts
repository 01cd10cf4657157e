/** An event of an HTTP API's function, of which an authorizer is told all but the body. */
type HttpEvent = Readonly<Record<string, unknown>>;

export interface AuthorizerAsked {
  /** The request, as `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`. */
  readonly arn: string;
  /** What the request has of what the authorizer looks at. */
  readonly identity: readonly string[];
}

/** The event of an authorizer with payload format 2.0, of the request's event in the same format. */
export function toAuthorizerV2Event(event: HttpEvent, { arn, identity }: AuthorizerAsked): HttpEvent {
  const { version, body, isBase64Encoded, ...request } = event;
  return {
    version,
    type: 'REQUEST',
    routeArn: arn,
    identitySource: identity.length === 0 ? null : identity,
    ...request,
  };
}

/** The same in format 1.0. */
export function toAuthorizerV1Event(event: HttpEvent, { arn, identity }: AuthorizerAsked): HttpEvent {
  const { version, body, isBase64Encoded, ...request } = event;
  return {
    ...{ version, type: 'REQUEST', methodArn: arn },
    ...{ identitySource: identity.join(','), authorizationToken: identity[0] ?? '' },
    ...request,
  };
}
