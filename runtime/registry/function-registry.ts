import type { LoadedArtifact } from '../contract/artifact.ts';
import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { Scope } from '../contract/scope.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { CorsRecord, FunctionRecord, UrlConfigRecord, VersionRecord } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { Artifacts, type Builder, blobsOf } from './artifacts.ts';
import {
  type CreateFunctionInput,
  FunctionChanges,
  type UpdateCodeInput,
  type UpdateSettingsInput,
} from './function-changes.ts';
import { parseReference, toFunctionArn } from './function-name.ts';
import { FunctionTable } from './function-table.ts';
import { FunctionUrls } from './function-urls.ts';
import { recoverFunction } from './recovery.ts';

export type {
  CorsRecord,
  FunctionRecord,
  LoggingRecord,
  Reason,
  UrlConfigRecord,
  VersionRecord,
  VersionSettings,
} from '../store/function-record.ts';

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

/** A function URL's target, as the public gateway needs it. */
export interface ResolvedUrl {
  /** The first label of the URL's host. */
  readonly urlId: string;
  readonly scope: Scope;
  readonly target: FunctionVersion;
  readonly authType: UrlConfigRecord['authType'];
  readonly cors: CorsRecord | undefined;
  readonly config: UrlConfigRecord;
}

/**
 * The functions of this machine: what Lambda's control plane knows. Everything is in memory, so resolving is synchronous;
 * every change is stored before it is answered. Methods throw LambdaError in Lambda's words.
 */
export class FunctionRegistry {
  readonly urls: FunctionUrls;
  readonly #deps: FunctionRegistryDeps;
  readonly #artifacts: Artifacts;
  readonly #changes: FunctionChanges;
  readonly #functions = new FunctionTable();
  readonly #listeners: ((replaced: FunctionVersion) => void)[] = [];

  constructor(deps: FunctionRegistryDeps) {
    this.#deps = deps;
    this.#artifacts = new Artifacts(deps);
    this.urls = new FunctionUrls({ ...deps, hasFunction: (key) => this.#functions.has(key) });
    this.#changes = new FunctionChanges({
      ...deps,
      artifacts: this.#artifacts,
      functions: this.#functions,
      replaced: (version) => {
        if (this.#functions.runsImage(version.image)) return;
        for (const listener of this.#listeners) listener(version);
      },
    });
  }

  /** Loads everything, finishes what a crash interrupted, rebuilds what another rewriter built, and sweeps the blobs. */
  async open(): Promise<void> {
    const { functions, urlConfigs } = await this.#deps.store.load();
    const keep = new Set<string>();
    for (const stored of functions) {
      const record = await recoverFunction(stored, { ...this.#deps, artifacts: this.#artifacts });
      this.#functions.put(record);
      for (const hash of blobsOf(record.latest.code)) keep.add(hash);
    }
    this.urls.restore(urlConfigs);
    await this.#deps.blobs.retain(keep);
  }

  /** Called with a replaced or deleted version when no function runs its image any more. */
  onChange(listener: (replaced: FunctionVersion) => void): void {
    this.#listeners.push(listener);
  }

  /** The version a caller means, for invoking it. `reference` is a name, partial ARN or ARN, perhaps with a qualifier. */
  resolve(scope: Scope, reference: string, qualifier?: string): FunctionVersion {
    const { version, record } = this.#functions.find(scope, reference, qualifier);
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

  /** A function's package, as it was uploaded; not found when the function runs another one than `hash` by now. */
  async readPackage(scope: Scope, reference: string, hash: string): Promise<Uint8Array> {
    const { record } = this.#functions.find(scope, reference);
    const { code } = record.latest;
    if (code.package === hash) return this.#artifacts.readPackage(code);
    throw new LambdaError(
      'ResourceNotFoundException',
      `${toFunctionArn(record)} has no package ${hash}: it was updated.`,
    );
  }

  async create(scope: Scope, reference: string, input: CreateFunctionInput): Promise<FunctionRecord> {
    return this.#changes.create(scope, reference, input);
  }

  async updateCode(scope: Scope, reference: string, input: UpdateCodeInput): Promise<FunctionRecord> {
    return this.#changes.updateCode(scope, reference, input);
  }

  /** What `updateCode` would answer or throw, without its effects. */
  async checkCode(scope: Scope, reference: string, input: UpdateCodeInput): Promise<FunctionRecord> {
    return this.#changes.checkCode(scope, reference, input);
  }

  async updateSettings(scope: Scope, reference: string, input: UpdateSettingsInput): Promise<FunctionRecord> {
    return this.#changes.updateSettings(scope, reference, input);
  }

  /** Deletes the function with its versions and URLs. */
  async delete(scope: Scope, reference: string, qualifier?: string): Promise<void> {
    this.urls.forget(await this.#changes.delete(scope, reference, qualifier));
  }

  async get(scope: Scope, reference: string, qualifier?: string): Promise<FunctionRecord> {
    await this.#functions.settling(parseReference(scope, reference, qualifier).key);
    return this.#functions.find(scope, reference, qualifier).record;
  }

  /** Functions of the scope by name, those after `after`, at most `limit`. */
  async list(scope: Scope, page: { readonly after?: string; readonly limit: number }): Promise<FunctionRecord[]> {
    await this.#functions.allSettled();
    return this.#functions.list(scope, page);
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
    const { urlId, authType, cors } = config;
    return { urlId, scope, target: entry.version, authType, cors, config };
  }
}
