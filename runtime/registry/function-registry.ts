import { randomUUID } from 'node:crypto';
import type { LoadedArtifact } from '../contract/artifact.ts';
import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { Scope } from '../contract/scope.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type {
  FunctionKey,
  FunctionRecord,
  UrlConfigRecord,
  VersionRecord,
  VersionSettings,
} from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { Artifacts, type Builder, blobsOf } from './artifacts.ts';
import { Constraints } from './constraints.ts';
import { functionNotFound, LATEST, NAME_LENGTH, parseReference, toFunctionArn } from './function-name.ts';
import { type Entry, FunctionTable } from './function-table.ts';
import { FunctionUrls } from './function-urls.ts';
import { createSettings, type SettingsInput, updateSettings } from './settings.ts';
import { changed, created, failed, isSettled, settled } from './version-state.ts';

export interface FunctionRegistryDeps {
  readonly store: RegistryStore;
  readonly blobs: BlobStore;
  readonly build: Builder;
  /** Which rewriter `build` uses; artifacts of another one are built again. */
  readonly rewriterVersion: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly observer: Observer;
  /** The text of a function's URL. */
  readonly functionUrl: (urlId: string, region: string) => string;
}

export interface CreateFunctionInput {
  /** A zip archive or a bare module. */
  readonly package: Uint8Array;
  readonly architecture: VersionSettings['architecture'];
  readonly settings: SettingsInput & Pick<VersionSettings, 'role'>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface UpdateCodeInput {
  readonly package: Uint8Array;
  readonly architecture?: VersionSettings['architecture'];
  /** When given, the update happens only to this revision. */
  readonly revisionId?: string;
}

/** A function URL's target, as the public gateway needs it. */
export interface ResolvedUrl {
  readonly urlId: string;
  readonly scope: Scope;
  readonly target: FunctionVersion;
  readonly authType: UrlConfigRecord['authType'];
  readonly config: UrlConfigRecord;
}

/**
 * The functions of this machine: what Lambda's control plane knows. Everything is in memory, so resolving is synchronous;
 * every change is stored before it is answered. Methods throw LambdaError in Lambda's words.
 *
 * Changes of one function exclude each other: while a module is being built, another change is a conflict, as on AWS.
 * Answers show the state between (`Pending`, `InProgress`); it settles at once, and later reads wait for that.
 */
export class FunctionRegistry {
  readonly urls: FunctionUrls;
  readonly #deps: FunctionRegistryDeps;
  readonly #artifacts: Artifacts;
  readonly #functions = new FunctionTable();
  readonly #listeners: ((replaced: FunctionVersion) => void)[] = [];

  constructor(deps: FunctionRegistryDeps) {
    this.#deps = deps;
    this.#artifacts = new Artifacts(deps);
    this.urls = new FunctionUrls({ ...deps, hasFunction: (key) => this.#functions.has(key) });
  }

  /** Loads everything, finishes what a crash interrupted, rebuilds what another rewriter built, and sweeps the blobs. */
  async open(): Promise<void> {
    const { functions, urlConfigs } = await this.#deps.store.load();
    const keep = new Set<string>();
    for (const stored of functions) {
      const record = { ...stored, latest: await this.#recover(stored) };
      this.#functions.put(record);
      for (const hash of blobsOf(record.latest.code)) keep.add(hash);
    }
    this.urls.restore(urlConfigs);
    await this.#deps.blobs.retain(keep);
  }

  /** Called with a version that no longer is what its function runs. */
  onChange(listener: (replaced: FunctionVersion) => void): void {
    this.#listeners.push(listener);
  }

  /** The version a caller means, for invoking it. `reference` is a name, partial ARN or ARN, perhaps with a qualifier. */
  resolve(scope: Scope, reference: string, qualifier?: string): FunctionVersion {
    const { version, record } = this.#find(scope, reference, qualifier);
    if (record.latest.state === 'Failed') {
      throw new LambdaError(
        'ResourceConflictException',
        'The operation cannot be performed at this time. The function is currently in the following state: Failed',
      );
    }
    return version;
  }

  resolveUrl(urlId: string): ResolvedUrl | undefined {
    return this.#toResolvedUrl(this.urls.findById(urlId));
  }

  /** The same by function, for paths that name it; undefined when it has no URL configuration. */
  resolveUrlOf(scope: Scope, reference: string, qualifier?: string): ResolvedUrl | undefined {
    return this.#toResolvedUrl(this.urls.findByFunction(scope, reference, qualifier));
  }

  /** What a thread needs to run `version`. Damaged caches are built again from the package. */
  async load(version: FunctionVersion): Promise<LoadedArtifact> {
    const source = this.#functions.sourceOf(version);
    if (source === undefined) throw new LambdaError('ResourceNotFoundException', `Function not found: ${version.arn}`);
    const { artifact, code } = await this.#artifacts.load(source.latest.code, source.latest);
    if (code !== source.latest.code) await this.#keepRebuilt(source, code);
    return artifact;
  }

  async create(scope: Scope, reference: string, input: CreateFunctionInput): Promise<FunctionRecord> {
    const key = unqualified(parseReference(scope, reference));
    const constraints = new Constraints();
    constraints.length('functionName', key.name, { max: NAME_LENGTH });
    constraints.assertSatisfied();
    const settings = createSettings(key.name, input.settings, input.architecture);
    const exists = new LambdaError('ResourceConflictException', `Function already exist: ${key.name}`);
    if (this.#functions.has(key) || !this.#functions.reserve(key)) throw exists;
    try {
      const code = await this.#artifacts.build(input.package, settings);
      const latest = created({ ...settings, code, version: LATEST, ...this.#step() });
      const record: FunctionRecord = { ...key, tags: input.tags, latest };
      if ((await this.#deps.store.createFunction(record)) === 'exists') throw exists;
      this.#functions.put(record);
      this.#functions.settle(key, this.#settle(record));
      return record;
    } finally {
      this.#functions.release(key);
    }
  }

  async get(scope: Scope, reference: string, qualifier?: string): Promise<FunctionRecord> {
    await this.#functions.settling(parseReference(scope, reference, qualifier).key);
    return this.#find(scope, reference, qualifier).record;
  }

  /** Functions of the scope by name, those after `after`, at most `limit`. */
  async list(scope: Scope, page: { readonly after?: string; readonly limit: number }): Promise<FunctionRecord[]> {
    await this.#functions.allSettled();
    return this.#functions.list(scope, page);
  }

  async updateCode(scope: Scope, reference: string, input: UpdateCodeInput): Promise<FunctionRecord> {
    return this.#change(scope, reference, input.revisionId, async (current) => {
      const settings = input.architecture === undefined ? current : { ...current, architecture: input.architecture };
      return { ...settings, code: await this.#artifacts.build(input.package, settings) };
    });
  }

  /** What `updateCode` would answer or throw, without its effects. */
  async checkCode(scope: Scope, reference: string, input: UpdateCodeInput): Promise<FunctionRecord> {
    const { record } = await this.#own(scope, reference, input.revisionId);
    await this.#artifacts.check(input.package, record.latest);
    return record;
  }

  async updateSettings(
    scope: Scope,
    reference: string,
    input: { readonly settings: SettingsInput; readonly revisionId?: string },
  ): Promise<FunctionRecord> {
    return this.#change(scope, reference, input.revisionId, async (current) => {
      const next = updateSettings(current, input.settings);
      const isSameBuild = next.memoryMb === current.memoryMb && next.handler === current.handler;
      return isSameBuild ? next : { ...next, code: await this.#artifacts.rebuild(current.code, next) };
    });
  }

  async delete(scope: Scope, reference: string, qualifier?: string): Promise<void> {
    const named = parseReference(scope, reference, qualifier);
    if (named.qualifier === LATEST) {
      throw new LambdaError(
        'InvalidParameterValueException',
        '$LATEST version cannot be deleted without deleting the function.',
      );
    }
    await this.#functions.settling(named.key);
    const { record, version } = this.#find(scope, reference, qualifier);
    this.#reserve(record);
    try {
      await this.#deps.store.deleteFunction(record);
      this.#functions.remove(record);
      this.urls.forget(record);
    } finally {
      this.#functions.release(record);
    }
    this.#announce(version);
  }

  async #change(
    scope: Scope,
    reference: string,
    revisionId: string | undefined,
    work: (current: VersionRecord) => Promise<VersionRecord>,
  ): Promise<FunctionRecord> {
    const { record, version } = await this.#own(scope, reference, revisionId);
    this.#reserve(record);
    try {
      const latest = changed({ ...(await work(record.latest)), ...this.#step() });
      if ((await this.#deps.store.updateVersion(record, latest, record.latest.revisionId)) === 'stale') {
        throw updateInProgress(record);
      }
      const next = { ...record, latest };
      this.#functions.put(next);
      this.#functions.settle(next, this.#settle(next));
      this.#announce(version);
      return next;
    } finally {
      this.#functions.release(record);
    }
  }

  /** The function for a change: settled, whole, and of the revision that the caller expects. */
  async #own(scope: Scope, reference: string, revisionId: string | undefined): Promise<Entry> {
    const key = unqualified(parseReference(scope, reference));
    await this.#functions.settling(key);
    const entry = this.#find(scope, reference, undefined);
    if (revisionId !== undefined && revisionId !== entry.record.latest.revisionId) {
      throw new LambdaError(
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      );
    }
    return entry;
  }

  #find(scope: Scope, reference: string, given: string | undefined): Entry {
    const { key, qualifier } = parseReference(scope, reference, given);
    const entry = qualifier === undefined || qualifier === LATEST ? this.#functions.get(key) : undefined;
    if (entry === undefined) throw functionNotFound(key, qualifier);
    return entry;
  }

  #reserve(key: FunctionKey): void {
    if (!this.#functions.reserve(key)) throw updateInProgress(key);
  }

  async #settle(record: FunctionRecord): Promise<void> {
    const latest = settled(record.latest, { revisionId: randomUUID() });
    try {
      await this.#deps.store.updateVersion(record, latest, record.latest.revisionId);
      this.#functions.put({ ...record, latest });
    } catch (error) {
      this.#deps.observer.noticed('error', `${toFunctionArn(record)} did not settle: ${(error as Error).message}`);
    }
  }

  async #recover(stored: FunctionRecord): Promise<VersionRecord> {
    let latest = stored.latest;
    if (!this.#artifacts.isCurrent(latest.code)) {
      this.#deps.observer.noticed('info', `Building ${toFunctionArn(stored)} again with the current rewriter.`);
      try {
        latest = settled(
          { ...latest, code: await this.#artifacts.rebuild(latest.code, latest) },
          { revisionId: randomUUID() },
        );
      } catch (error) {
        latest = failed(latest, { revisionId: randomUUID() }, (error as Error).message);
        this.#deps.observer.noticed('error', `${toFunctionArn(stored)} cannot be built: ${(error as Error).message}`);
      }
    } else if (!isSettled(latest)) {
      latest = settled(latest, { revisionId: randomUUID() });
    }
    if (latest !== stored.latest) await this.#deps.store.updateVersion(stored, latest, stored.latest.revisionId);
    return latest;
  }

  /** Remembers what `load` had to build again, unless the function has moved on meanwhile. */
  async #keepRebuilt(source: FunctionRecord, code: VersionRecord['code']): Promise<void> {
    const current = this.#functions.get(source)?.record;
    if (current === undefined || current.latest.code !== source.latest.code) return;
    const next = { ...current, latest: { ...current.latest, code } };
    const { revisionId } = current.latest;
    if ((await this.#deps.store.updateVersion(next, next.latest, revisionId)) === 'stored') this.#functions.put(next);
  }

  #toResolvedUrl(config: UrlConfigRecord | undefined): ResolvedUrl | undefined {
    const entry = config === undefined ? undefined : this.#functions.get(config);
    if (config === undefined || entry === undefined) return undefined;
    const scope = { region: config.region, accountId: config.accountId };
    return { urlId: config.urlId, scope, target: entry.version, authType: config.authType, config };
  }

  #announce(replaced: FunctionVersion): void {
    for (const listener of this.#listeners) listener(replaced);
  }

  #step(): { revisionId: string; lastModified: number } {
    return { revisionId: randomUUID(), lastModified: this.#deps.clock() };
  }
}

function unqualified({ key, qualifier }: { key: FunctionKey; qualifier?: string }): FunctionKey {
  if (qualifier === undefined || qualifier === LATEST) return key;
  throw new LambdaError(
    'InvalidParameterValueException',
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
  );
}

function updateInProgress(key: FunctionKey): LambdaError {
  return new LambdaError(
    'ResourceConflictException',
    `The operation cannot be performed at this time. An update is in progress for resource: ${toFunctionArn(key)}`,
  );
}
