import { randomUUID } from 'node:crypto';
import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionKey, FunctionRecord, VersionRecord, VersionSettings } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { adviseOnDraws, drawsOf } from './advice.ts';
import type { Artifacts } from './artifacts.ts';
import { assertMaySendDeadLetters, type FindForbidden } from './assert-may-tell.ts';
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
  /** Asked before a function gets a dead-letter queue; any is taken where it is absent. */
  readonly findForbidden?: FindForbidden | undefined;
  /** Told of a version that no longer is what its function runs. */
  readonly replaced: (version: FunctionVersion) => void;
  /** Told of a function that is gone. */
  readonly deleted: (key: FunctionKey) => void;
}

/** A change of `$LATEST`: what it will be, and how its code is made where that is another. */
interface Plan {
  readonly next: VersionRecord;
  readonly build?: () => Promise<VersionRecord['code']>;
}

/**
 * Changes of functions. Those of one function exclude each other: they wait while one is stored, and are a conflict, as on
 * AWS, while a module is being built. Answers show the state between (`Pending`, `InProgress`); it settles at once, and the
 * next change or look waits for that.
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
    await this.#assertDeadLetters(input.settings, input.settings.role);
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
      const next = input.architecture === undefined ? current : { ...current, architecture: input.architecture };
      return { next, build: () => this.#deps.artifacts.build(input.package, next) };
    });
  }

  /** The function as it is but for its code, or what `updateCode` would throw; nothing is changed. */
  async checkCode(scope: Scope, reference: string, input: UpdateCodeInput): Promise<FunctionRecord> {
    const key = parseFunctionKey(scope, reference);
    await this.#deps.functions.settling(key);
    const { record } = this.#own(key, input.revisionId);
    const { architecture = record.latest.architecture } = input;
    const latest = { ...record.latest, architecture };
    return { ...record, latest: { ...latest, code: await this.#deps.artifacts.check(input.package, latest) } };
  }

  async updateSettings(scope: Scope, reference: string, input: UpdateSettingsInput): Promise<FunctionRecord> {
    return this.#change(scope, reference, input.revisionId, async (current) => {
      const { layers: arns, role = current.role } = input.settings;
      await this.#assertDeadLetters(input.settings, role);
      const layers = arns && (await toLayerUses(this.#deps.layers, scope, arns));
      const next = updateSettings(current, input.settings, layers);
      const { artifacts } = this.#deps;
      const isSameBuild = toImageName(next) === toImageName(current) && artifacts.isCurrent(current.code, next);
      return isSameBuild ? { next } : { next, build: () => artifacts.rebuild(current.code, next) };
    });
  }

  /** Replaces the function's tags by what `change` makes of them. Tags are no part of a revision. */
  async changeTags(scope: Scope, reference: string, change: (tags: Tags) => Tags): Promise<void> {
    const { functions, store } = this.#deps;
    const key = parseFunctionKey(scope, reference);
    await functions.exclusively(key, async () => {
      const { record } = functions.find(key);
      const tags = change(record.tags);
      if ((await store.updateTags(key, tags)) === 'stored') functions.put({ ...record, tags });
    });
  }

  /** Deletes the function with everything that belongs to it; answers what it was. */
  async delete(key: FunctionKey): Promise<Entry> {
    const { functions, store, deleted } = this.#deps;
    return functions.exclusively(key, async () => {
      const entry = functions.find(key);
      await store.deleteFunction(key);
      functions.remove(key);
      deleted(key);
      return entry;
    });
  }

  async #change(
    scope: Scope,
    reference: string,
    revisionId: string | undefined,
    plan: (current: VersionRecord) => Promise<Plan>,
  ): Promise<FunctionRecord> {
    const { functions } = this.#deps;
    const key = parseFunctionKey(scope, reference);
    const begun = await functions.exclusively(key, async () => {
      const entry = this.#own(key, revisionId);
      const { next, build } = await plan(entry.record.latest);
      if (build === undefined) return { stored: await this.#store(entry, next) };
      functions.reserve(key);
      return { entry, next, build };
    });
    if ('stored' in begun) return begun.stored;
    const { entry, next, build } = begun;
    try {
      const code = await build();
      return await functions.inTurn(key, () => this.#store(entry, { ...next, code }));
    } finally {
      functions.release(key);
    }
  }

  async #store({ record, latest: before }: Entry, next: VersionRecord): Promise<FunctionRecord> {
    const { functions, store, replaced } = this.#deps;
    const latest = changed({ ...next, ...this.#step() });
    if ((await store.updateVersion(record, latest, record.latest.revisionId)) === 'stale') {
      throw updateInProgress(record);
    }
    const after = { ...record, latest };
    functions.put(after);
    functions.settle(after, this.#settle(after));
    if (latest.code !== record.latest.code) this.#warn(after);
    replaced(before.version);
    return after;
  }

  async #assertDeadLetters({ deadLetterTargetArn: arn }: SettingsInput, role: string): Promise<void> {
    if (arn) await assertMaySendDeadLetters(this.#deps.findForbidden, { arn, role });
  }

  /** The function as it stands, if it is of the revision that the caller expects. */
  #own(key: FunctionKey, revisionId: string | undefined): Entry {
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
      // It runs all the same. The store knows the revision before this; the next change or start settles that.
      const { revisionId } = record.latest;
      this.#deps.functions.put({ ...record, latest: settled(record.latest, { revisionId }) });
    }
  }

  #step(): { revisionId: string; lastModified: number } {
    return { revisionId: randomUUID(), lastModified: this.#deps.clock() };
  }
}
