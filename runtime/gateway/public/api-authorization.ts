import { type ApisPart, type JwtAuthorizerRecord, readIdentity } from '../../apis/index.ts';
import { LambdaError } from '../../contract/errors.ts';
import { explainDenial } from '../auth/access.ts';
import type { Authenticate, Caller } from '../auth/authenticator.ts';
import type { ApiStatus } from './api-answer.ts';
import type { ApiCaller, ApiRequest } from './api-event.ts';
import { askAuthorizer, type LambdaAuthorizerDeps } from './lambda-authorizer.ts';
import { toRequestArn } from './request-arn.ts';
import { toUrlCaller } from './visitor.ts';

export interface ApiAuthorizationDeps extends LambdaAuthorizerDeps {
  readonly part: Pick<ApisPart, 'verify' | 'results' | 'permits'>;
  readonly authenticate: Authenticate;
}

/** Whether a request may take its route. */
export type Admission =
  | { readonly kind: 'refused'; readonly status: ApiStatus }
  | (ApiCaller & {
      readonly kind: 'admitted';
      /** To be asked with the body, where that is what was signed; false for a caller who may not. */
      readonly confirm?: (body: Uint8Array) => Promise<boolean>;
    });

/** Decides by what the route asks for: nothing, a signature, a token, or a function's word. */
export async function admit(request: ApiRequest, deps: ApiAuthorizationDeps): Promise<Admission> {
  const { route, authorizer } = request.located;
  switch (route.authorizationType) {
    case 'NONE':
      return { kind: 'admitted' };
    case 'AWS_IAM':
      return admitSigner(request, deps);
    case 'JWT':
      return authorizer?.authorizerType === 'JWT' ? admitBearer(request, authorizer, deps) : refused(500);
    case 'CUSTOM': {
      if (authorizer?.authorizerType !== 'REQUEST') return refused(500);
      const arn = toRequestArn(request.located, request.head.method);
      if (arn === undefined) return refused(403);
      const said = await askAuthorizer(deps, request, authorizer, arn);
      return typeof said === 'number' ? refused(said) : { kind: 'admitted', ...said };
    }
  }
}

async function admitBearer(
  { head, located }: ApiRequest,
  authorizer: JwtAuthorizerRecord,
  { part, rarely }: ApiAuthorizationDeps,
): Promise<Admission> {
  const { stageVariables } = located.stage;
  const query = new URLSearchParams(head.rawQuery);
  const [token] =
    readIdentity(authorizer.identitySource, { headers: head.headers, query, stageVariables, context: {} }) ?? [];
  if (token === undefined) return refused(401);
  try {
    const verified = await part.verify(token, authorizer, located.route.authorizationScopes);
    if (typeof verified !== 'string') return { kind: 'admitted', jwt: verified };
    return refused(verified === 'unscoped' ? 403 : 401);
  } catch (error) {
    if ((error as Error).name !== 'IssuerError') throw error;
    rarely.warn(`A token could not be verified: ${(error as Error).message}.`);
    return refused(500);
  }
}

function refused(status: ApiStatus): Admission {
  return { kind: 'refused', status };
}

async function admitSigner(request: ApiRequest, deps: ApiAuthorizationDeps): Promise<Admission> {
  const { head, located } = request;
  const resource = toRequestArn(located, head.method);
  const caller = resource === undefined ? undefined : await authenticate(request, deps);
  if (resource === undefined || caller === undefined) return refused(403);
  return {
    kind: 'admitted',
    signer: toUrlCaller(caller),
    async confirm(body) {
      caller.verify(body);
      const wish = { action: 'execute-api:Invoke', resource };
      return (await explainDenial(deps.authorizer, caller, head, wish)) === undefined;
    },
  };
}

/** Undefined for whoever did not sign, or is not known. */
async function authenticate({ head }: ApiRequest, deps: ApiAuthorizationDeps): Promise<Caller | undefined> {
  try {
    return await deps.authenticate(head, ['execute-api']);
  } catch (error) {
    if (error instanceof LambdaError && (error.status === 403 || error.status === 400)) return undefined;
    throw error;
  }
}
