import type { Scope } from '../contract/scope.ts';
import { notFound } from './api-error.ts';
import type { ApiLayout, RouteRecord } from './api-record.ts';
import { type Apis, tooMany } from './apis.ts';
import { drawId } from './draw-id.ts';
import { assertAlone, type RouteInput, toRoute } from './route-settings.ts';

const MOST_ROUTES = 300;

/** The routes of APIs. Methods throw ApiErrors. */
export class ApiRoutes {
  readonly #apis: Apis;

  constructor(apis: Apis) {
    this.#apis = apis;
  }

  list(scope: Scope, apiId: string): readonly RouteRecord[] {
    return Object.values(this.#apis.get(scope, apiId).routes);
  }

  get(scope: Scope, apiId: string, routeId: string): RouteRecord {
    return find(this.#apis.get(scope, apiId), routeId);
  }

  create(scope: Scope, apiId: string, given: RouteInput): Promise<RouteRecord> {
    return this.#put(scope, apiId, (api) => {
      if (Object.keys(api.routes).length >= MOST_ROUTES) throw tooMany('routes of this API', MOST_ROUTES);
      return toRoute(drawId(7), given, api);
    });
  }

  update(scope: Scope, apiId: string, routeId: string, given: RouteInput): Promise<RouteRecord> {
    return this.#put(scope, apiId, (api) => toRoute(routeId, given, api, find(api, routeId)));
  }

  async delete(scope: Scope, apiId: string, routeId: string): Promise<void> {
    await this.#apis.changeLayout(scope, apiId, (api) => {
      find(api, routeId);
      const { [routeId]: _gone, ...routes } = api.routes;
      return { ...api, routes };
    });
  }

  async #put(scope: Scope, apiId: string, make: (api: ApiLayout) => RouteRecord): Promise<RouteRecord> {
    let made: RouteRecord | undefined;
    await this.#apis.changeLayout(scope, apiId, (api) => {
      made = make(api);
      assertAlone(api, made);
      return { ...api, routes: { ...api.routes, [made.routeId]: made } };
    });
    return made as RouteRecord;
  }
}

function find({ routes }: ApiLayout, routeId: string): RouteRecord {
  const route = Object.hasOwn(routes, routeId) ? routes[routeId] : undefined;
  if (route === undefined) throw notFound('Route', routeId);
  return route;
}
