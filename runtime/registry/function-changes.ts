import { randomUUID } from 'node:crypto';
import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionKey, FunctionRecord, VersionRecord, VersionSettings } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { adviseOnDraws, drawsOf } from './advice.ts';
import type { Artifacts } from './artifacts.ts';
import { staleRevision, updateInProgress } from './change-conflicts.ts';
import { Constraints } from './constraints.ts';
import { LATEST, NAME_LENGTH, parseFunctionKey, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';
import { toImageName } from './image-name.ts';
import { toLayerUses } from './layer-use.ts';
import type { Layers } from './layers.ts';
import { createSettings, type SettingsInput, updateSettings } from './settings.ts';
import { changed, created, settled } from './version-state.ts';

export type Tags = Readonly<Record<string, string>>;

export interface CreateFunctionInput {
  /** A zip archive or a bare module. */
  readonly package: Uint8Array;
  readonly architecture: VersionSettings['architecture'];
  readonly settings: SettingsInput & Pick<VersionSettings, 'role'>;
  readonly tags: Tags;
}

export interface UpdateCodeInput {
  readonly package: Uint8Array;
  readonly architecture?: VersionSettings['architecture'];
  /** When given, the update happens only to this revision. */
  readonly revisionId?: string;
}

export interface UpdateSettingsInput {
  readonly settings: SettingsInput;
  /** When given, the update happens only to this revision. */
  readonly revisionId?: string;
}

export interface FunctionChangesDeps {
  readonly store: RegistryStore;
  readonly clock: () => number;
  readonly observer: Observer;
  readonly artifacts: Artifacts;
  readonly layers: Layers;
  readonly functions: FunctionTable;
  /** Told of a version that no longer is what its function runs. */
  readonly replaced: (version: FunctionVersion) => void;
}

/**
 * Changes of functions. Those of one function exclude each other: while a module is being built, another change is a
 * conflict, as on AWS. Answers show the state between (`Pending`, `InProgress`); it settles at once, and the next change
 * or look waits for that.
 */
export class FunctionChanges {
  readonly #deps: FunctionChangesDeps;

  constructor(deps: FunctionChangesDeps) {
    this.#deps = deps;
  }

  async create(scope: Scope, reference: string, input: CreateFunctionInput): Promise<FunctionRecord> {
    const key = parseFunctionKey(scope, reference);
    const constraints = new Constraints();
    constraints.length('functionName', key.name, { max: NAME_LENGTH });
    constraints.assertSatisfied();
    const layers = await toLayerUses(this.#deps.layers, scope, input.settings.layers ?? []);
    const settings = createSettings(key.name, input.settings, input.architecture, layers);
    const exists = new LambdaError('ResourceConflictException', `Function already exist: ${key.name}`);
    if (this.#deps.functions.has(key) || !this.#deps.functions.reserve(key)) throw exists;
    try {
      const code = await this.#deps.artifacts.build(input.package, settings);
      const latest = created({ ...settings, code, version: LATEST, ...this.#step() });
      const record: FunctionRecord = { ...key, tags: input.tags, latest };
      if ((await this.#deps.store.createFunction(record)) === 'exists') throw exists;
      this.#deps.functions.put(record);
      this.#deps.functions.settle(key, this.#settle(record));
      this.#warn(record);
      return record;
    } finally {
      this.#deps.functions.release(key);
    }
  }

  async updateCode(scope: Scope, reference: string, input: UpdateCodeInput): Promise<FunctionRecord> {
    return this.#change(scope, reference, input.revisionId, async (current) => {
      const settings = input.architecture === undefined ? current : { ...current, architecture: input.architecture };
      return { ...settings, code: await this.#deps.artifacts.build(input.package, settings) };
    });
  }

  /** What `updateCode` would answer or throw, without its effects. */
  async checkCode(scope: Scope, reference: string, input: UpdateCodeInput): Promise<FunctionRecord> {
    const { record } = await this.#own(scope, reference, input.revisionId);
    await this.#deps.artifacts.check(input.package, record.latest);
    return record;
  }

  async updateSettings(scope: Scope, reference: string, input: UpdateSettingsInput): Promise<FunctionRecord> {
    return this.#change(scope, reference, input.revisionId, async (current) => {
      const { layers: arns } = input.settings;
      const layers = arns && (await toLayerUses(this.#deps.layers, scope, arns));
      const next = updateSettings(current, input.settings, layers);
      const { artifacts } = this.#deps;
      const isSameBuild = toImageName(next) === toImageName(current) && artifacts.isCurrent(current.code, next);
      return isSameBuild ? next : { ...next, code: await artifacts.rebuild(current.code, next) };
    });
  }

  /** Replaces the function's tags by what `change` makes of them. Tags are no part of a revision. */
  async changeTags(scope: Scope, reference: string, change: (tags: Tags) => Tags): Promise<void> {
    const { functions, store } = this.#deps;
    const key = parseFunctionKey(scope, reference);
    await functions.settling(key);
    functions.find(key);
    await functions.exclusively(key, async () => {
      const { record } = functions.find(key);
      const tags = change(record.tags);
      if ((await store.updateTags(key, tags)) === 'stored') functions.put({ ...record, tags });
    });
  }

  /** Deletes the function with everything that belongs to it; answers what it was. */
  async delete(key: FunctionKey): Promise<Entry> {
    const { functions, store } = this.#deps;
    await functions.settling(key);
    return functions.exclusively(key, async () => {
      const entry = functions.find(key);
      await store.deleteFunction(key);
      functions.remove(key);
      return entry;
    });
  }

  async #change(
    scope: Scope,
    reference: string,
    revisionId: string | undefined,
    work: (current: VersionRecord) => Promise<VersionRecord>,
  ): Promise<FunctionRecord> {
    const { functions, store, replaced } = this.#deps;
    const { record, latest: before } = await this.#own(scope, reference, revisionId);
    return functions.exclusively(record, async () => {
      const latest = changed({ ...(await work(record.latest)), ...this.#step() });
      if ((await store.updateVersion(record, latest, record.latest.revisionId)) === 'stale') {
        throw updateInProgress(record);
      }
      const next = { ...record, latest };
      functions.put(next);
      functions.settle(next, this.#settle(next));
      if (latest.code !== record.latest.code) this.#warn(next);
      replaced(before.version);
      return next;
    });
  }

  /** The function for a change: settled, whole, and of the revision that the caller expects. */
  async #own(scope: Scope, reference: string, revisionId: string | undefined): Promise<Entry> {
    const key = parseFunctionKey(scope, reference);
    await this.#deps.functions.settling(key);
    const entry = this.#deps.functions.find(key);
    if (revisionId !== undefined && revisionId !== entry.record.latest.revisionId) throw staleRevision();
    return entry;
  }

  #warn(record: FunctionRecord): void {
    const advice = adviseOnDraws(drawsOf(record.latest.code));
    if (advice !== undefined) this.#deps.observer.noticed('warn', `${toFunctionArn(record)}: ${advice}`);
  }

  async #settle(record: FunctionRecord): Promise<void> {
    const latest = settled(record.latest, { revisionId: randomUUID() });
    try {
      await this.#deps.store.updateVersion(record, latest, record.latest.revisionId);
      this.#deps.functions.put({ ...record, latest });
    } catch (error) {
      this.#deps.observer.noticed('error', `${toFunctionArn(record)} did not settle: ${(error as Error).message}`);
    }
  }

  #step(): { revisionId: string; lastModified: number } {
    return { revisionId: randomUUID(), lastModified: this.#deps.clock() };
  }
}
