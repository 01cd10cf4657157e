import { badRequest } from './api-error.ts';
import type { AuthorizerRecord, JwtAuthorizerRecord, LambdaAuthorizerRecord } from './api-record.ts';
import { assertLength, assertRange, choose, type Given, present, refuseUnserved, required } from './given.ts';
import { parseIdentitySource } from './identity-source.ts';
import { assertRole } from './integration-settings.ts';
import { toFunctionArn } from './integration-uri.ts';

/** What CreateAuthorizer and UpdateAuthorizer are given. */
export type AuthorizerInput = Given<{
  authorizerType: string;
  name: string;
  identitySource: readonly string[];
  identityValidationExpression: string;
  jwtConfiguration: { readonly issuer?: string | undefined; readonly audience?: readonly string[] | undefined };
  authorizerUri: string;
  authorizerPayloadFormatVersion: string;
  authorizerResultTtlInSeconds: number;
  authorizerCredentialsArn: string;
  enableSimpleResponses: boolean;
}>;

const MOST_SOURCES = 20;
const MOST_AUDIENCES = 50;
const MOST_TTL_SECONDS = 3_600;
const TTL_SECONDS = 300;

/** An authorizer as it is to be; of one that there is already, what was not given stays. Throws an ApiError. */
export function toAuthorizer(
  authorizerId: string,
  given: AuthorizerInput,
  current?: AuthorizerRecord,
): AuthorizerRecord {
  const type = required(
    'authorizerType',
    choose('authorizerType', given.authorizerType, TYPES) ?? current?.authorizerType,
  );
  const name = required('name', given.name ?? current?.name);
  assertLength('name', name, { min: 1, max: 128 });
  refuseUnserved({ identityValidationExpression: given.identityValidationExpression });
  const identitySource = given.identitySource ?? current?.identitySource ?? [];
  if (identitySource.length > MOST_SOURCES) throw badRequest(`identitySource may have ${MOST_SOURCES} items.`);
  for (const source of identitySource) parseIdentitySource(source);
  const common = { authorizerId, name, identitySource };
  return type === 'JWT'
    ? toJwt(common, given, current?.authorizerType === 'JWT' ? current : undefined)
    : toLambda(common, given, current?.authorizerType === 'REQUEST' ? current : undefined);
}

type Common = Pick<AuthorizerRecord, 'authorizerId' | 'name' | 'identitySource'>;

function toJwt(common: Common, given: AuthorizerInput, current?: JwtAuthorizerRecord): JwtAuthorizerRecord {
  const { authorizerUri, authorizerPayloadFormatVersion, authorizerCredentialsArn, enableSimpleResponses } = given;
  const { authorizerResultTtlInSeconds } = given;
  const others = { authorizerUri, authorizerPayloadFormatVersion, authorizerCredentialsArn, enableSimpleResponses };
  for (const [name, value] of Object.entries({ ...others, authorizerResultTtlInSeconds })) {
    if (value) throw badRequest(`${name} is not supported for JWT authorizers.`);
  }
  const [source, ...more] = common.identitySource;
  if (source === undefined || more.length > 0 || parseIdentitySource(source).kind === 'context') {
    throw badRequest('A JWT authorizer needs one identitySource: $request.header.NAME or $request.querystring.NAME.');
  }
  const issuer = required('jwtConfiguration.issuer', given.jwtConfiguration?.issuer ?? current?.issuer);
  const audience = given.jwtConfiguration?.audience ?? current?.audience ?? [];
  assertLength('issuer', issuer, { max: 512 });
  assertIssuer(issuer);
  if (audience.length === 0) throw badRequest('A JWT authorizer needs an audience.');
  if (audience.length > MOST_AUDIENCES) throw badRequest(`audience may have ${MOST_AUDIENCES} items.`);
  for (const each of audience) assertLength('audience', each, { min: 1, max: 512 });
  return { ...common, authorizerType: 'JWT', issuer, audience };
}

function toLambda(common: Common, given: AuthorizerInput, current?: LambdaAuthorizerRecord): LambdaAuthorizerRecord {
  if (given.jwtConfiguration !== undefined) throw badRequest('jwtConfiguration is for JWT authorizers.');
  const authorizerUri = required('authorizerUri', given.authorizerUri ?? current?.authorizerUri);
  toFunctionArn(authorizerUri, 'authorizerUri');
  const version = choose('authorizerPayloadFormatVersion', given.authorizerPayloadFormatVersion, ['1.0', '2.0']);
  const authorizerPayloadFormatVersion = required(
    'authorizerPayloadFormatVersion',
    version ?? current?.authorizerPayloadFormatVersion,
  );
  const enableSimpleResponses = given.enableSimpleResponses ?? current?.enableSimpleResponses ?? false;
  if (enableSimpleResponses && authorizerPayloadFormatVersion === '1.0') {
    throw badRequest('enableSimpleResponses needs authorizerPayloadFormatVersion 2.0.');
  }
  const hasSources = common.identitySource.length > 0;
  const { authorizerResultTtlInSeconds = current?.authorizerResultTtlInSeconds ?? (hasSources ? TTL_SECONDS : 0) } =
    given;
  assertRange('authorizerResultTtlInSeconds', authorizerResultTtlInSeconds, { min: 0, max: MOST_TTL_SECONDS });
  if (authorizerResultTtlInSeconds > 0 && !hasSources) {
    throw badRequest('identitySource is required when results are cached.');
  }
  assertRole('authorizerCredentialsArn', given.authorizerCredentialsArn);
  const authorizerCredentialsArn = given.authorizerCredentialsArn ?? current?.authorizerCredentialsArn;
  return {
    ...{ ...common, authorizerType: 'REQUEST', authorizerUri, authorizerPayloadFormatVersion },
    ...{ enableSimpleResponses, authorizerResultTtlInSeconds },
    ...present({ authorizerCredentialsArn: authorizerCredentialsArn || undefined }),
  };
}

function assertIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isHttp || url.username !== '' || url.password !== '' || url.hash !== '' || url.search !== '') {
    throw badRequest('Invalid issuer: it must be a URL of http or https, without user, query and fragment.');
  }
}

const TYPES = ['JWT', 'REQUEST'] as const;
