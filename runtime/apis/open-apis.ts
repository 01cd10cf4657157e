import { ApiAuthorizers } from './api-authorizers.ts';
import { ApiIntegrations } from './api-integrations.ts';
import { ApiRoutes } from './api-routes.ts';
import { ApiStages } from './api-stages.ts';
import { Apis, type ApisDeps } from './apis.ts';
import { LiveApis } from './live-apis.ts';

/** All that there is of APIs. */
export interface ApisPart {
  readonly apis: Apis;
  readonly routes: ApiRoutes;
  readonly integrations: ApiIntegrations;
  readonly authorizers: ApiAuthorizers;
  readonly stages: ApiStages;
  /** Where requests lead. */
  readonly live: LiveApis;
  close(): void;
}

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
    close() {},
  };
}
