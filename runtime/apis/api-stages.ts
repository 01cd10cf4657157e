import type { Scope } from '../contract/scope.ts';
import { badRequest, conflict, notFound } from './api-error.ts';
import type { ApiRecord, DeploymentRecord, StageRecord, Texts } from './api-record.ts';
import { type Apis, tooMany } from './apis.ts';
import { redeployed } from './deploying.ts';
import { drawId } from './draw-id.ts';
import { assertLength, required } from './given.ts';
import { type StageInput, toStageSettings } from './stage-settings.ts';
import { withTags } from './tags.ts';

const MOST_STAGES = 10;
/** Deployments of one API that are kept; of more, the oldest that no stage has go. */
const MOST_DEPLOYMENTS = 100;

/** The stages that APIs are served by, and the deployments that stages have. Methods throw ApiErrors. */
export class ApiStages {
  readonly #apis: Apis;

  constructor(apis: Apis) {
    this.#apis = apis;
  }

  list(scope: Scope, apiId: string): readonly StageRecord[] {
    return Object.values(this.#apis.get(scope, apiId).stages);
  }

  get(scope: Scope, apiId: string, stageName: string): StageRecord {
    return find(this.#apis.get(scope, apiId), stageName);
  }

  async create(
    scope: Scope,
    apiId: string,
    {
      stageName,
      tags,
      ...given
    }: StageInput & { readonly stageName?: string | undefined; readonly tags?: Texts | undefined },
  ): Promise<StageRecord> {
    const name = required('stageName', stageName);
    if (!/^(?:\$default|[A-Za-z0-9_-]{1,128})$/.test(name)) {
      throw badRequest('Stage name only allows a-z, A-Z, 0-9, hyphen and underscore, or $default.');
    }
    return this.#put(scope, apiId, name, (api) => {
      if (Object.hasOwn(api.stages, name)) throw conflict(`Stage already exists: ${name}`);
      if (Object.keys(api.stages).length >= MOST_STAGES) throw tooMany('stages of this API', MOST_STAGES);
      const createdAt = this.#apis.clock();
      const settings = toStageSettings(given, api);
      return { ...settings, stageName: name, tags: withTags({}, tags), createdAt, modifiedAt: createdAt };
    });
  }

  async update(scope: Scope, apiId: string, name: string, given: StageInput): Promise<StageRecord> {
    const api = this.#apis.get(scope, apiId);
    const { autoDeploy, deploymentId } = find(api, name);
    // From now on it serves what it served last.
    if (given.autoDeploy === false && autoDeploy && deploymentId) await this.#apis.keepLayout(api, deploymentId);
    return this.#put(scope, apiId, name, (api) => {
      const current = find(api, name);
      const { stageName, tags, createdAt } = current;
      const settings = toStageSettings(given, api, current);
      return { ...settings, stageName, tags, createdAt, modifiedAt: this.#apis.clock() };
    });
  }

  async delete(scope: Scope, apiId: string, name: string): Promise<void> {
    await this.#apis.change(scope, apiId, (api) => {
      find(api, name);
      const stages = Object.fromEntries(Object.entries(api.stages).filter(([each]) => each !== name));
      return { ...api, stages };
    });
  }

  /** What held for one route does not any more. */
  async deleteRouteSettings(scope: Scope, apiId: string, name: string, routeKey: string): Promise<void> {
    await this.#apis.change(scope, apiId, (api) => {
      const stage = find(api, name);
      if (!Object.hasOwn(stage.routeSettings, routeKey)) throw notFound('RouteSettings', routeKey);
      const routeSettings = Object.fromEntries(Object.entries(stage.routeSettings).filter(([key]) => key !== routeKey));
      return { ...api, stages: { ...api.stages, [name]: { ...stage, routeSettings, modifiedAt: this.#apis.clock() } } };
    });
  }

  async changeTags(scope: Scope, apiId: string, name: string, change: (tags: Texts) => Texts): Promise<void> {
    await this.#apis.change(scope, apiId, (api) => {
      const stage = find(api, name);
      return { ...api, stages: { ...api.stages, [name]: { ...stage, tags: change(stage.tags) } } };
    });
  }

  deployments(scope: Scope, apiId: string): readonly DeploymentRecord[] {
    return Object.values(this.#apis.get(scope, apiId).deployments).sort((a, b) => b.createdAt - a.createdAt);
  }

  deployment(scope: Scope, apiId: string, deploymentId: string): DeploymentRecord {
    const { deployments } = this.#apis.get(scope, apiId);
    const found = Object.hasOwn(deployments, deploymentId) ? deployments[deploymentId] : undefined;
    if (found === undefined) throw notFound('Deployment', deploymentId);
    return found;
  }

  /** Keeps the API as it is now, for a stage that is named or for stages to come. */
  async deploy(
    scope: Scope,
    apiId: string,
    { stageName, description }: { readonly stageName?: string | undefined; readonly description?: string | undefined },
  ): Promise<DeploymentRecord> {
    assertLength('description', description, { max: 1_024 });
    const before = this.#apis.get(scope, apiId);
    assertDeployable(before, stageName);
    const createdAt = this.#apis.clock();
    const deploymentId = drawId(6);
    const deployment = { deploymentId, createdAt, autoDeployed: false, ...(description ? { description } : {}) };
    await this.#apis.keepLayout(before, deploymentId);
    const gone: string[] = [];
    await this.#apis.change(scope, apiId, (api) => {
      assertDeployable(api, stageName);
      const stage = stageName ? find(api, stageName) : undefined;
      const stages = stage
        ? { ...api.stages, [stage.stageName]: { ...stage, deploymentId, modifiedAt: createdAt } }
        : api.stages;
      const used = new Set(Object.values(stages).map((each) => each.deploymentId));
      const idle = Object.values(api.deployments).filter((each) => !used.has(each.deploymentId));
      const spare = Object.keys(api.deployments).length + 1 - MOST_DEPLOYMENTS;
      const oldest = idle.sort((a, b) => a.createdAt - b.createdAt).slice(0, Math.max(0, spare));
      gone.push(...oldest.map((each) => each.deploymentId));
      const kept = Object.entries(api.deployments).filter(([id]) => !gone.includes(id));
      return { ...api, stages, deployments: { ...Object.fromEntries(kept), [deploymentId]: deployment } };
    });
    for (const id of gone) await this.#apis.forgetLayout(before, id);
    return deployment;
  }

  async deleteDeployment(scope: Scope, apiId: string, deploymentId: string): Promise<void> {
    this.deployment(scope, apiId, deploymentId);
    const api = await this.#apis.change(scope, apiId, (current) => {
      const user = Object.values(current.stages).find((stage) => stage.deploymentId === deploymentId);
      if (user)
        throw badRequest(`Active stages pointing to this deployment must be moved or deleted: ${user.stageName}`);
      const { [deploymentId]: _gone, ...deployments } = current.deployments;
      return { ...current, deployments };
    });
    await this.#apis.forgetLayout(api, deploymentId);
  }

  async #put(scope: Scope, apiId: string, name: string, make: (api: ApiRecord) => StageRecord): Promise<StageRecord> {
    const now = this.#apis.clock();
    const changed = await this.#apis.change(scope, apiId, (api) => {
      const stage = make(api);
      const next = { ...api, stages: { ...api.stages, [name]: stage } };
      const isNew = stage.autoDeploy && !api.stages[name]?.autoDeploy;
      return isNew ? redeployed(next, now) : next;
    });
    return find(changed, name);
  }
}

function assertDeployable(api: ApiRecord, stageName: string | undefined): void {
  if (Object.keys(api.routes).length === 0)
    throw badRequest('At least one route is required before deploying the Api.');
  if (stageName && find(api, stageName).autoDeploy) {
    throw badRequest('Deployments cannot be created manually for a stage with autoDeploy.');
  }
}

function find({ stages }: Pick<ApiRecord, 'stages'>, name: string): StageRecord {
  const stage = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (stage === undefined) throw notFound('stage', name);
  return stage;
}
