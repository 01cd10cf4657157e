import type {
  ApiLayout,
  ApiRecord,
  AuthorizerRecord,
  IntegrationRecord,
  RouteRecord,
  StageRecord,
} from './api-record.ts';
import type { Apis } from './apis.ts';
import { integrationIdOf } from './route-settings.ts';
import { RouteTree } from './route-tree.ts';
import { Throttles } from './throttles.ts';

/** Where a request to an API leads. */
export interface Located {
  readonly api: ApiRecord;
  readonly stage: StageRecord;
  readonly route: RouteRecord;
  readonly integration: IntegrationRecord;
  readonly authorizer: AuthorizerRecord | undefined;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  /** What the route matched: the path without the stage. */
  readonly path: string;
}

/** Where a route leads, and who is asked first. */
interface Lead {
  readonly integration: IntegrationRecord;
  readonly authorizer: AuthorizerRecord | undefined;
}

/** A stage with what it serves, made ready to be asked. */
interface LiveStage {
  readonly stage: StageRecord;
  readonly tree: RouteTree;
  readonly leads: ReadonlyMap<RouteRecord, Lead>;
}

/** Leads requests to what APIs have for them. */
export class LiveApis {
  readonly #apis: Apis;
  readonly #throttles = new Throttles();
  /** By what an API is now: a change makes another record. */
  readonly #open = new WeakMap<ApiRecord, Map<string, LiveStage | undefined>>();

  constructor(apis: Apis) {
    this.#apis = apis;
  }

  /** The API that is reached by an id; undefined where there is none, or none to be reached so. */
  find(apiId: string, region?: string): ApiRecord | undefined {
    const api = this.#apis.find(apiId);
    if (api === undefined || api.disableExecuteApiEndpoint) return undefined;
    return region === undefined || api.region === region ? api : undefined;
  }

  /** `rawPath` as sent, percent-encoded: a stage that is not `$default` is its first segment. */
  locate(api: ApiRecord, method: string, rawPath: string): Located | undefined {
    const slash = rawPath.indexOf('/', 1);
    const first = slash === -1 ? rawPath.slice(1) : rawPath.slice(1, slash);
    const named = first === '' || first === DEFAULT_STAGE ? undefined : this.#stage(api, first);
    const live = named ?? this.#stage(api, DEFAULT_STAGE);
    if (live === undefined) return undefined;
    const path = named === undefined ? rawPath : slash === -1 ? '/' : rawPath.slice(slash);
    const match = live.tree.find(method, path);
    const lead = match && live.leads.get(match.route);
    if (match === undefined || lead === undefined) return undefined;
    const { route, pathParameters } = match;
    const { integration, authorizer } = lead;
    return { api, stage: live.stage, route, integration, authorizer, pathParameters, path };
  }

  /** False when the route has had as many requests as its stage lets through by now. */
  admits({ api, stage, route: { routeKey } }: Located, now: number): boolean {
    const own = Object.hasOwn(stage.routeSettings, routeKey) ? stage.routeSettings[routeKey] : undefined;
    const settings = own === undefined ? stage.defaultRouteSettings : { ...stage.defaultRouteSettings, ...own };
    return this.#throttles.take(`${api.apiId}/${stage.stageName}/${routeKey}`, settings, now);
  }

  #stage(api: ApiRecord, name: string): LiveStage | undefined {
    const stage = Object.hasOwn(api.stages, name) ? api.stages[name] : undefined;
    if (stage === undefined) return undefined;
    const stages = this.#open.get(api) ?? new Map<string, LiveStage | undefined>();
    this.#open.set(api, stages);
    if (!stages.has(name)) stages.set(name, this.#toLive(api, stage));
    return stages.get(name);
  }

  #toLive(api: ApiRecord, stage: StageRecord): LiveStage | undefined {
    const layout = this.#layoutOf(api, stage);
    if (layout === undefined) return undefined;
    const routes = Object.values(layout.routes);
    const leads = routes.flatMap((route): [RouteRecord, Lead][] => {
      const integration = layout.integrations[integrationIdOf(route) ?? ''];
      const authorizer = layout.authorizers[route.authorizerId ?? ''];
      return integration === undefined ? [] : [[route, { integration, authorizer }]];
    });
    return { stage, tree: new RouteTree(routes), leads: new Map(leads) };
  }

  #layoutOf(api: ApiRecord, { autoDeploy, deploymentId }: StageRecord): ApiLayout | undefined {
    if (autoDeploy) return api;
    return deploymentId === undefined ? undefined : this.#apis.layoutOf(api, deploymentId);
  }
}

const DEFAULT_STAGE = '$default';
