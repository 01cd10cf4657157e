import { ApiAuthorizers } from './api-authorizers.ts';
import { ApiIntegrations } from './api-integrations.ts';
import type { JwtAuthorizerRecord } from './api-record.ts';
import { ApiRoutes } from './api-routes.ts';
import { ApiStages } from './api-stages.ts';
import { Apis, type ApisDeps as StoredDeps } from './apis.ts';
import { AuthorizerResults } from './authorizer-results.ts';
import { LiveApis } from './live-apis.ts';
import type { FetchJson } from './tokens/key-sets.ts';
import type { VerifiedToken } from './tokens/verify-token.ts';

export interface ApisDeps extends StoredDeps {
  /** Asks an issuer of tokens. */
  readonly fetchJson: FetchJson;
  /** Whether a policy, an identity's, allows to invoke what an ARN names. Throws for what is no policy. */
  readonly permits: (document: unknown, arn: string) => boolean;
}

/** All that there is of APIs. */
export interface ApisPart extends Pick<ApisDeps, 'permits'> {
  readonly apis: Apis;
  readonly routes: ApiRoutes;
  readonly integrations: ApiIntegrations;
  readonly authorizers: ApiAuthorizers;
  readonly stages: ApiStages;
  /** Where requests lead. */
  readonly live: LiveApis;
  /** As `verifyToken` does. */
  readonly verify: VerifyToken;
  /** What functions have said of callers. */
  readonly results: AuthorizerResults;
  close(): void;
}

export type VerifyToken = (
  token: string,
  authorizer: JwtAuthorizerRecord,
  scopes: readonly string[] | undefined,
) => Promise<VerifiedToken | 'invalid' | 'unscoped'>;

export async function openApis(deps: ApisDeps): Promise<ApisPart> {
  const apis = new Apis(deps);
  await apis.open();
  return {
    apis,
    routes: new ApiRoutes(apis),
    integrations: new ApiIntegrations(apis),
    authorizers: new ApiAuthorizers(apis),
    stages: new ApiStages(apis),
    live: new LiveApis(apis),
    verify: createVerify(deps),
    results: new AuthorizerResults(deps.clock),
    permits: deps.permits,
    close() {},
  };
}

/** Loads what reads tokens with the first one. */
function createVerify(deps: Pick<ApisDeps, 'fetchJson' | 'clock'>): VerifyToken {
  const load = async (): Promise<VerifyToken> => {
    const [{ KeySets }, { KnownTokens }, { verifyToken }] = await Promise.all([
      import('./tokens/key-sets.ts'),
      import('./tokens/known-tokens.ts'),
      import('./tokens/verify-token.ts'),
    ]);
    const parts = { keySets: new KeySets(deps), known: new KnownTokens() };
    return (token, authorizer, scopes) => verifyToken(token, authorizer, { ...parts, scopes, now: deps.clock() });
  };
  let loaded: Promise<VerifyToken> | undefined;
  return async (token, authorizer, scopes) => {
    loaded ??= load();
    return (await loaded)(token, authorizer, scopes);
  };
}
