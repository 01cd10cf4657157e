import type { Scope } from '../contract/scope.ts';
import { conflict, notFound } from './api-error.ts';
import type { ApiLayout, IntegrationRecord } from './api-record.ts';
import { type Apis, tooMany } from './apis.ts';
import { drawId } from './draw-id.ts';
import { type IntegrationInput, toIntegration } from './integration-settings.ts';
import { integrationIdOf } from './route-settings.ts';

const MOST_INTEGRATIONS = 300;

/** Where the routes of APIs lead. Methods throw ApiErrors. */
export class ApiIntegrations {
  readonly #apis: Apis;

  constructor(apis: Apis) {
    this.#apis = apis;
  }

  list(scope: Scope, apiId: string): readonly IntegrationRecord[] {
    return Object.values(this.#apis.get(scope, apiId).integrations);
  }

  get(scope: Scope, apiId: string, integrationId: string): IntegrationRecord {
    return find(this.#apis.get(scope, apiId), integrationId);
  }

  create(scope: Scope, apiId: string, given: IntegrationInput): Promise<IntegrationRecord> {
    return this.#put(scope, apiId, ({ integrations }) => {
      if (Object.keys(integrations).length >= MOST_INTEGRATIONS) {
        throw tooMany('integrations of this API', MOST_INTEGRATIONS);
      }
      return toIntegration(drawId(7), given);
    });
  }

  update(scope: Scope, apiId: string, id: string, given: IntegrationInput): Promise<IntegrationRecord> {
    return this.#put(scope, apiId, (api) => toIntegration(id, given, find(api, id)));
  }

  async delete(scope: Scope, apiId: string, id: string): Promise<void> {
    await this.#apis.changeLayout(scope, apiId, (api) => {
      find(api, id);
      const user = Object.values(api.routes).find((route) => integrationIdOf(route) === id);
      if (user) throw conflict(`Cannot delete Integration '${id}': the route '${user.routeKey}' refers to it`);
      const { [id]: _gone, ...integrations } = api.integrations;
      return { ...api, integrations };
    });
  }

  async #put(scope: Scope, apiId: string, make: (api: ApiLayout) => IntegrationRecord): Promise<IntegrationRecord> {
    let made: IntegrationRecord | undefined;
    await this.#apis.changeLayout(scope, apiId, (api) => {
      made = make(api);
      return { ...api, integrations: { ...api.integrations, [made.integrationId]: made } };
    });
    return made as IntegrationRecord;
  }
}

function find({ integrations }: ApiLayout, id: string): IntegrationRecord {
  const integration = Object.hasOwn(integrations, id) ? integrations[id] : undefined;
  if (integration === undefined) throw notFound('Integration', id);
  return integration;
}
