import type { LoadedArtifact } from '../contract/artifact.ts';
import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { FunctionKey, FunctionRecord, VersionRecord } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { Aliases } from './aliases.ts';
import { Artifacts, type Builder } from './artifacts.ts';
import type { FindForbidden } from './assert-may-tell.ts';
import { Attachments } from './attachments.ts';
import { BlobSweeper } from './blob-sweeper.ts';
import { EventInvokeConfigs } from './event-invoke-configs.ts';
import { EventSourceMappings, type EventSourceMappingsDeps } from './event-sources/event-source-mappings.ts';
import {
  type CreateFunctionInput,
  FunctionChanges,
  type Tags,
  type UpdateCodeInput,
  type UpdateSettingsInput,
} from './function-changes.ts';
import { LATEST, parseFunctionKey, parseFunctionName, parseReference, toFunctionArn } from './function-name.ts';
import { type Entry, FunctionTable, type Selected } from './function-table.ts';
import { FunctionUrls } from './function-urls.ts';
import { LayerPermissions } from './layer-permissions.ts';
import { Layers } from './layers.ts';
import { Opening } from './opening.ts';
import type { PolicyJudge } from './openness.ts';
import { Packages } from './packages.ts';
import { Policies } from './policies.ts';
import { ProvisionedConcurrency, type Provisioner } from './provisioned-concurrency.ts';
import { PublishedVersions } from './published-versions.ts';
import { Recursion } from './recursion.ts';
import { type ConcurrencyLimiter, ReservedConcurrency } from './reserved-concurrency.ts';
import { type ResolvedUrl, toResolvedUrl } from './resolved-url.ts';
import { RuntimeManagement } from './runtime-management.ts';

export type { FunctionPolicy } from '../store/attachment-record.ts';
export type {
  EventSourceMappingRecord,
  EventSourceSettings,
  KafkaSettings,
  SourceAccess,
} from '../store/event-source-record.ts';
export type {
  AliasRecord,
  FunctionKey,
  FunctionRecord,
  LayerUse,
  LoggingRecord,
  Reason,
  UrlConfigRecord,
  VersionRecord,
  VersionSettings,
} from '../store/function-record.ts';

export interface FunctionRegistryDeps {
  readonly store: RegistryStore;
  readonly resources: ResourceStore;
  readonly blobs: BlobStore;
  readonly build: Builder;
  /** Which rewriter `build` uses; artifacts of another one are built again. */
  readonly rewriterVersion: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** A number from 0 up to 1, for aliases that share calls. */
  readonly draw: () => number;
  readonly observer: Observer;
  readonly provisioner: Provisioner;
  /** Who decides by resource policies. */
  readonly judge: PolicyJudge;
  readonly limiter: ConcurrencyLimiter;
  /** Asked before a mapping is made; none may be refused where it is absent. */
  readonly explainUnreadable?: EventSourceMappingsDeps['explainUnreadable'];
  /** Asked before a function gets a dead-letter queue or a destination; any is taken where it is absent. */
  readonly findForbidden?: FindForbidden;
  /** The text of a function's URL. */
  readonly functionUrl: (urlId: string, region: string) => string;
}

/**
 * The functions of this machine: what Lambda's control plane knows. What is `ready` is in memory, so resolving is
 * synchronous; every change is stored before it is answered. Methods throw LambdaError in Lambda's words.
 */
export class FunctionRegistry {
  readonly urls: FunctionUrls;
  readonly versions: PublishedVersions;
  readonly aliases: Aliases;
  readonly policies: Policies;
  readonly eventSources: EventSourceMappings;
  readonly provisioned: ProvisionedConcurrency;
  readonly reserved: ReservedConcurrency;
  readonly eventInvoke: EventInvokeConfigs;
  readonly runtimeManagement: RuntimeManagement;
  readonly recursion: Recursion;
  readonly layers: Layers;
  readonly layerPermissions: LayerPermissions;
  readonly #deps: FunctionRegistryDeps;
  readonly #packages: Packages;
  readonly #artifacts: Artifacts;
  readonly #changes: FunctionChanges;
  readonly #functions = new FunctionTable();
  readonly #opening: Opening;
  readonly #sweeper: BlobSweeper;
  readonly #openedAt: number = Date.now();
  readonly #listeners: ((replaced: FunctionVersion) => void)[] = [];

  constructor(deps: FunctionRegistryDeps) {
    this.#deps = deps;
    this.#packages = new Packages(deps);
    this.#artifacts = new Artifacts({ ...deps, packages: this.#packages });
    this.layers = new Layers({ ...deps, packages: this.#packages, deleted: () => this.#sweeper.replaced() });
    this.layerPermissions = new LayerPermissions(this.layers);
    const functions = this.#functions;
    const replaced = (version: FunctionVersion): void => this.#tellReplaced(version);
    this.urls = new FunctionUrls({ ...deps, functions });
    this.versions = new PublishedVersions({ ...deps, functions, replaced });
    this.aliases = new Aliases({ ...deps, functions, deleted: (key, alias) => this.urls.forget(key, alias) });
    const attachments = new Attachments({ ...deps, functions });
    this.eventSources = new EventSourceMappings({ ...deps, functions });
    this.policies = new Policies({ ...deps, functions, attachments });
    this.reserved = new ReservedConcurrency({ ...deps, functions, attachments });
    this.provisioned = new ProvisionedConcurrency({ ...deps, functions, attachments, reserved: this.reserved });
    this.eventInvoke = new EventInvokeConfigs({ ...deps, functions, attachments });
    this.runtimeManagement = new RuntimeManagement({ functions, attachments });
    this.recursion = new Recursion({ functions, attachments });
    this.#opening = new Opening({ ...deps, artifacts: this.#artifacts, functions, urls: this.urls });
    const inUse = () => {
      const ofLayers = this.layers.blobs();
      return this.#opening.isComplete && ofLayers ? new Set([...functions.blobs(), ...ofLayers]) : undefined;
    };
    this.#sweeper = new BlobSweeper({ ...deps, inUse });
    this.#changes = new FunctionChanges({
      ...{ ...deps, artifacts: this.#artifacts, layers: this.layers },
      ...{ functions, replaced, deleted: (key) => this.urls.forget(key) },
    });
  }

  /** Brings everything into memory, and then sweeps away what earlier processes have left and nobody uses. */
  async open(): Promise<void> {
    await this.#opening.all();
    await this.layers.open();
    await this.#sweeper.sweep(this.#openedAt);
  }

  /** Resolves when nothing is read any more. */
  async close(): Promise<void> {
    await this.#opening.stop();
    await this.#sweeper.stop();
  }

  /**
   * Undefined when the function's state is in memory; else resolves when it is. Without a function: the same for all of
   * them. To be awaited before everything below.
   */
  ready(scope?: Scope, reference?: string): Promise<void> | undefined {
    if (this.#opening.isComplete) return undefined;
    const name = reference === undefined ? undefined : parseFunctionName(reference);
    if (scope === undefined || name === undefined) return this.#opening.all();
    const key = { ...scope, name: name.name };
    return this.#functions.has(key) ? undefined : this.#opening.take(key);
  }

  /** The first names of the scope's functions, and which of them have a URL. */
  names(scope: Scope, limit: number): Promise<readonly { readonly name: string; readonly hasUrl: boolean }[]> {
    return this.#deps.store.listNames(scope, limit);
  }

  /** Called with a replaced or deleted version when no function runs its image any more. */
  onChange(listener: (replaced: FunctionVersion) => void): void {
    this.#listeners.push(listener);
  }

  /** Calls `listener` when anything of a function has changed that a call of it depends on, before the change is answered. */
  onTouched(listener: (key: FunctionKey) => void): void {
    this.#functions.onTouched(listener);
  }

  /**
   * True when calls of what is named need nothing that is counted or drawn in one place: no concurrency is reserved or
   * provisioned for the function, and no alias shares them out.
   */
  isUncounted(scope: Scope, reference: string, given?: string): boolean {
    const { key, qualifier = LATEST } = parseReference(scope, reference, given);
    const { aliases, attached } = this.#functions.find(key, qualifier);
    const isDrawn = Object.keys(aliases.get(qualifier)?.weights ?? {}).length > 0;
    const isCounted = attached.get('reserved-concurrency', LATEST) ?? attached.list('provisioned')[0];
    return !isDrawn && isCounted === undefined;
  }

  /**
   * The version a caller means, for invoking it. `reference` is a name, partial ARN or ARN, perhaps with a qualifier. An
   * alias with weights chooses anew at every call.
   */
  resolve(scope: Scope, reference: string, qualifier?: string): FunctionVersion {
    const { version, record } = this.#functions.select(scope, reference, qualifier, this.#deps.draw());
    if (record.state === 'Failed') {
      throw new LambdaError(
        'ResourceConflictException',
        'The operation cannot be performed at this time. The function is currently in the following state: Failed',
      );
    }
    return version;
  }

  resolveUrl(urlId: string): ResolvedUrl | undefined {
    return toResolvedUrl(this.urls.findById(urlId), this.#functions, this.#deps.draw());
  }

  /** The same by function, for paths that name it; undefined when it has no URL configuration. */
  resolveUrlOf(scope: Scope, reference: string, qualifier?: string): ResolvedUrl | undefined {
    return toResolvedUrl(this.urls.findByFunction(scope, reference, qualifier), this.#functions, this.#deps.draw());
  }

  /** The policy of the function, or of the version or alias that is named; undefined when it has none, or there is no such function. */
  policyOf(scope: Scope, reference: string, given?: string): PolicyDocument | undefined {
    const { key, qualifier = LATEST } = parseReference(scope, reference, given);
    return this.#functions.get(key)?.attached.get('policy', qualifier)?.document;
  }

  /** What a thread needs to run `version`. Damaged caches are built again from the package. */
  async load(version: FunctionVersion): Promise<LoadedArtifact> {
    const source = this.#functions.sourceOf(version);
    if (source === undefined) throw new LambdaError('ResourceNotFoundException', `Function not found: ${version.arn}`);
    const { artifact, code } = await this.#artifacts.load(source.record.code, source.record);
    if (code !== source.record.code) await this.#keepRebuilt(source, code);
    return artifact;
  }

  /** A package of one of a function's versions, as it was uploaded. */
  async readPackage(scope: Scope, reference: string, hash: string): Promise<Uint8Array> {
    const { record, published } = this.#functions.find(parseFunctionKey(scope, reference));
    const versions = [record.latest, ...[...published.values()].map((each) => each.record)];
    const found = versions.find(({ code }) => code.package === hash);
    if (found !== undefined) return this.#packages.read(found.code.package);
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

  /** The function as it is but for its code, or what `updateCode` would throw; nothing is changed. */
  async checkCode(scope: Scope, reference: string, input: UpdateCodeInput): Promise<FunctionRecord> {
    return this.#changes.checkCode(scope, reference, input);
  }

  async updateSettings(scope: Scope, reference: string, input: UpdateSettingsInput): Promise<FunctionRecord> {
    return this.#changes.updateSettings(scope, reference, input);
  }

  async changeTags(scope: Scope, reference: string, change: (tags: Tags) => Tags): Promise<void> {
    return this.#changes.changeTags(scope, reference, change);
  }

  /** Deletes the function with its versions, aliases and URLs; with a version's number, that version alone. */
  async delete(scope: Scope, reference: string, given?: string): Promise<void> {
    const { key, qualifier } = parseReference(scope, reference, given);
    if (qualifier === undefined) {
      const { latest, published } = await this.#changes.delete(key);
      for (const { version } of [latest, ...published.values()]) this.#tellReplaced(version);
      return;
    }
    if (qualifier === LATEST) throw refused('$LATEST version cannot be deleted without deleting the function.');
    this.#functions.find(key, qualifier);
    if (!/^\d+$/.test(qualifier)) throw refused('Deletion of aliases is not currently supported.');
    await this.versions.delete(key, qualifier);
  }

  /** The function itself, at `$LATEST`. */
  async get(scope: Scope, reference: string): Promise<FunctionRecord> {
    const { key } = parseReference(scope, reference);
    await this.#functions.settling(key);
    return this.#functions.find(key).record;
  }

  /** One version of it, and the tags of the function. */
  async getVersion(
    scope: Scope,
    reference: string,
    qualifier?: string,
  ): Promise<Selected & Pick<FunctionRecord, 'tags'>> {
    const { key } = parseReference(scope, reference, qualifier);
    await this.#functions.settling(key);
    const selected = this.#functions.select(scope, reference, qualifier, FIRST_VERSION);
    return { ...selected, tags: this.#functions.find(key).record.tags };
  }

  /** Functions of the scope by name, those after `after`, at most `limit`. */
  async list(scope: Scope, page: { readonly after?: string; readonly limit: number }): Promise<Entry[]> {
    await this.#functions.allSettled();
    return this.#functions.list(scope, page);
  }

  #tellReplaced(version: FunctionVersion): void {
    this.#sweeper.replaced();
    if (this.#functions.runsImage(version.image)) return;
    for (const listener of this.#listeners) listener(version);
  }

  /** Remembers what `load` had to build again, unless the function has moved on meanwhile. */
  #keepRebuilt(selected: Selected, code: VersionRecord['code']): Promise<void> {
    return this.#functions.inTurn(selected.key, () => this.#replaceCode(selected, code));
  }

  async #replaceCode({ key, record }: Selected, code: VersionRecord['code']): Promise<void> {
    const entry = this.#functions.get(key);
    const current = entry && this.#functions.selectIn(entry, record.version, FIRST_VERSION)?.record;
    if (entry === undefined || current === undefined || current.code !== record.code) return;
    const next = { ...current, code };
    if ((await this.#deps.store.updateVersion(key, next, current.revisionId)) === 'stale') return;
    if (record.version === LATEST) this.#functions.put({ ...entry.record, latest: next });
    else this.#functions.putVersion(key, next);
  }
}

/** Drawn for an alias where it stands for its own version, not for a share of calls. */
const FIRST_VERSION = 1;

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
