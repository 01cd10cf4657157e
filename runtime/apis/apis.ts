import type { Scope } from '../contract/scope.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { ApiError, conflict, notFound } from './api-error.ts';
import type { ApiLayout, ApiRecord } from './api-record.ts';
import { type ApiInput, toQuickApi, toRetargetedApi, toUpdatedApi } from './api-settings.ts';
import { redeployed } from './deploying.ts';
import { drawId } from './draw-id.ts';

export interface ApisDeps {
  readonly resources: ResourceStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** APIs that the operator's file names. */
  readonly fixed: readonly ApiRecord[];
}

/** What a deployment has kept, and of which API. */
interface KeptLayout extends Scope, ApiLayout {
  readonly apiId: string;
  readonly deploymentId: string;
}

/** What API Gateway allows of one account and region. */
const MOST_APIS = 600;

/** The HTTP APIs that there are. Methods throw ApiErrors. To be opened before anything else. */
export class Apis {
  readonly #apis: Collection<ApiRecord>;
  readonly #layouts: Collection<KeptLayout>;
  readonly #fixed: ReadonlyMap<string, ApiRecord>;
  /** Made when it is first asked for after a change. */
  #byId: Map<string, ApiRecord> | undefined;
  readonly clock: () => number;

  constructor({ resources, clock, fixed }: ApisDeps) {
    this.clock = clock;
    this.#fixed = new Map(fixed.map((api) => [api.apiId, api]));
    this.#apis = new Collection(resources, 'http-api', () => {
      this.#byId = undefined;
    });
    this.#layouts = new Collection(resources, 'http-api-deployment');
  }

  async open(): Promise<void> {
    await Promise.all([this.#apis.open(), this.#layouts.open()]);
    for (const layout of this.#layouts.all()) {
      const { apiId, deploymentId } = layout;
      const api = this.#apis.get(layout, apiId);
      // A crash came between the API and what its deployment has kept.
      if (!api || !Object.hasOwn(api.deployments, deploymentId)) await this.forgetLayout(layout, deploymentId);
    }
  }

  /** The API that a host or a path names; undefined when there is none. */
  find(apiId: string): ApiRecord | undefined {
    const fixed = this.#fixed.get(apiId);
    if (fixed !== undefined) return fixed;
    this.#byId ??= new Map(this.#apis.all().map((api) => [api.apiId, api]));
    return this.#byId.get(apiId);
  }

  get(scope: Scope, apiId: string): ApiRecord {
    const found = this.find(apiId);
    if (found === undefined || !isOf(found, scope)) throw notFound('API', apiId);
    return found;
  }

  /** By id. */
  list(scope: Scope): readonly ApiRecord[] {
    const fixed = [...this.#fixed.values()].filter((api) => isOf(api, scope));
    return [...fixed, ...this.#apis.list(scope)].sort((a, b) => (a.apiId < b.apiId ? -1 : 1));
  }

  /** What a deployment has kept; undefined when that was not needed. */
  layoutOf(api: ApiRecord, deploymentId: string): ApiLayout | undefined {
    return this.#layouts.get(api, `${api.apiId}.${deploymentId}`);
  }

  async create(scope: Scope, given: ApiInput): Promise<ApiRecord> {
    const apiId = drawId(10);
    const now = this.clock();
    const api = redeployed(toQuickApi({ ...scope, apiId, createdAt: now }, given), now);
    return this.#apis.change(scope, apiId, () => {
      if (this.#apis.list(scope).length >= MOST_APIS) throw tooMany('APIs', MOST_APIS);
      return api;
    });
  }

  update(scope: Scope, apiId: string, given: ApiInput): Promise<ApiRecord> {
    if (!given.target && !given.routeKey && !given.credentialsArn) {
      return this.change(scope, apiId, (api) => toUpdatedApi(api, given));
    }
    return this.changeLayout(scope, apiId, (api) => toRetargetedApi(toUpdatedApi(api, given), given));
  }

  async delete(scope: Scope, apiId: string): Promise<void> {
    const api = this.get(scope, apiId);
    assertChangeable(api);
    await this.#apis.change(scope, apiId, (current) => {
      if (current === undefined) throw notFound('API', apiId);
      return undefined;
    });
    for (const deploymentId of Object.keys(api.deployments)) await this.forgetLayout(api, deploymentId);
  }

  /** Replaces an API by what `change` makes of it. */
  async change(scope: Scope, apiId: string, change: (api: ApiRecord) => ApiRecord): Promise<ApiRecord> {
    assertChangeable(this.get(scope, apiId));
    return this.#apis.change(scope, apiId, (current) => {
      if (current === undefined) throw notFound('API', apiId);
      return change(current);
    });
  }

  /** The same for a change of what stages with AutoDeploy serve. */
  changeLayout(scope: Scope, apiId: string, change: (api: ApiRecord) => ApiRecord): Promise<ApiRecord> {
    return this.change(scope, apiId, (api) => redeployed(change(api), this.clock()));
  }

  async keepLayout(api: ApiRecord, deploymentId: string): Promise<void> {
    const { region, accountId, apiId, routes, integrations, authorizers } = api;
    const layout = { region, accountId, apiId, deploymentId, routes, integrations, authorizers };
    await this.#layouts.change(api, `${apiId}.${deploymentId}`, () => layout);
  }

  async forgetLayout(api: Pick<ApiRecord, keyof Scope | 'apiId'>, deploymentId: string): Promise<void> {
    await this.#layouts.change(api, `${api.apiId}.${deploymentId}`, () => undefined);
  }
}

export function tooMany(what: string, most: number): ApiError {
  return new ApiError('TooManyRequestsException', `Maximum number of ${what} has been reached: ${most}.`);
}

function assertChangeable({ isFixed, apiId }: ApiRecord): void {
  if (isFixed) throw conflict(`The API ${apiId} is configured by a file, and changed there alone.`);
}

function isOf({ accountId, region }: Scope, scope: Scope): boolean {
  return accountId === scope.accountId && region === scope.region;
}
