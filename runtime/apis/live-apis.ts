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
import { type RouteMatch, RouteTree } from './route-tree.ts';
import { Throttles } from './throttles.ts';

/** Where a request to an API leads. */
export interface Located {
  readonly api: ApiRecord;
  readonly stage: StageRecord;
  readonly route: RouteRecord;
  readonly integration: IntegrationRecord;
  readonly authorizer?: AuthorizerRecord;
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** What the route matched: the path without the stage. */
  readonly path: string;
}

/** A stage with what it serves, made ready to be asked. */
interface LiveStage {
  readonly stage: StageRecord;
  readonly layout: ApiLayout;
  readonly tree: RouteTree;
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
    const { stage, layout, tree, path } = this.#stageOf(api, rawPath) ?? {};
    const match: RouteMatch | undefined = path === undefined ? undefined : tree?.find(method, path);
    if (!stage || !layout || !match || path === undefined) return undefined;
    const { route, pathParameters } = match;
    const integration = layout.integrations[integrationIdOf(route) ?? ''];
    if (integration === undefined) return undefined;
    const authorizer = route.authorizerId === undefined ? undefined : layout.authorizers[route.authorizerId];
    return {
      ...{ api, stage, route, integration, path },
      ...(authorizer && { authorizer }),
      ...(pathParameters && { pathParameters }),
    };
  }

  /** False when the route has had as many requests as its stage lets through by now. */
  admits({ api, stage, route: { routeKey } }: Located, now: number): boolean {
    const own = Object.hasOwn(stage.routeSettings, routeKey) ? stage.routeSettings[routeKey] : undefined;
    const settings = { ...stage.defaultRouteSettings, ...own };
    return this.#throttles.take(`${api.apiId}/${stage.stageName}/${routeKey}`, settings, now);
  }

  #stageOf(api: ApiRecord, rawPath: string): (LiveStage & { readonly path: string }) | undefined {
    const slash = rawPath.indexOf('/', 1);
    const first = slash === -1 ? rawPath.slice(1) : rawPath.slice(1, slash);
    const named = first === '' || first === DEFAULT_STAGE ? undefined : this.#stage(api, first);
    if (named !== undefined) return { ...named, path: slash === -1 ? '/' : rawPath.slice(slash) };
    const live = this.#stage(api, DEFAULT_STAGE);
    return live && { ...live, path: rawPath };
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
    return layout && { stage, layout, tree: new RouteTree(Object.values(layout.routes)) };
  }

  #layoutOf(api: ApiRecord, { autoDeploy, deploymentId }: StageRecord): ApiLayout | undefined {
    if (autoDeploy) return api;
    return deploymentId === undefined ? undefined : this.#apis.layoutOf(api, deploymentId);
  }
}

const DEFAULT_STAGE = '$default';
