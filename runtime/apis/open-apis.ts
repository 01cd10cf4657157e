import { ApiAuthorizers } from './api-authorizers.ts';
import { ApiIntegrations } from './api-integrations.ts';
import { ApiRoutes } from './api-routes.ts';
import { ApiStages } from './api-stages.ts';
import { Apis, type ApisDeps } from './apis.ts';

/** All that there is of APIs. */
export interface ApisPart {
  readonly apis: Apis;
  readonly routes: ApiRoutes;
  readonly integrations: ApiIntegrations;
  readonly authorizers: ApiAuthorizers;
  readonly stages: ApiStages;
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
    close() {},
  };
}
