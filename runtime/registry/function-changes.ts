import { randomUUID } from 'node:crypto';
import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionKey, FunctionRecord, VersionRecord, VersionSettings } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import type { Artifacts } from './artifacts.ts';
import { Constraints } from './constraints.ts';
import { LATEST, NAME_LENGTH, parseReference, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';
import { createSettings, type SettingsInput, updateSettings } from './settings.ts';
import { changed, created, settled } from './version-state.ts';

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
    const key = unqualified(parseReference(scope, reference));
    const constraints = new Constraints();
    constraints.length('functionName', key.name, { max: NAME_LENGTH });
    constraints.assertSatisfied();
    const settings = createSettings(key.name, input.settings, input.architecture);
    const exists = new LambdaError('ResourceConflictException', `Function already exist: ${key.name}`);
    if (this.#deps.functions.has(key) || !this.#deps.functions.reserve(key)) throw exists;
    try {
      const code = await this.#deps.artifacts.build(input.package, settings);
      const latest = created({ ...settings, code, version: LATEST, ...this.#step() });
      const record: FunctionRecord = { ...key, tags: input.tags, latest };
      if ((await this.#deps.store.createFunction(record)) === 'exists') throw exists;
      this.#deps.functions.put(record);
      this.#deps.functions.settle(key, this.#settle(record));
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
      const next = updateSettings(current, input.settings);
      const { artifacts } = this.#deps;
      const isSameBuild =
        next.memoryMb === current.memoryMb && next.handler === current.handler && artifacts.isCurrent(current.code);
      return isSameBuild ? next : { ...next, code: await artifacts.rebuild(current.code, next) };
    });
  }

  /** Answers the key of what is gone. */
  async delete(scope: Scope, reference: string, qualifier?: string): Promise<FunctionKey> {
    const { functions, store } = this.#deps;
    const named = parseReference(scope, reference, qualifier);
    if (named.qualifier === LATEST) {
      throw new LambdaError(
        'InvalidParameterValueException',
        '$LATEST version cannot be deleted without deleting the function.',
      );
    }
    await functions.settling(named.key);
    const { record, version } = functions.find(scope, reference, qualifier);
    this.#reserve(record);
    try {
      await store.deleteFunction(record);
      functions.remove(record);
    } finally {
      functions.release(record);
    }
    this.#deps.replaced(version);
    return record;
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
      this.#deps.functions.put(next);
      this.#deps.functions.settle(next, this.#settle(next));
      this.#deps.replaced(version);
      return next;
    } finally {
      this.#deps.functions.release(record);
    }
  }

  /** The function for a change: settled, whole, and of the revision that the caller expects. */
  async #own(scope: Scope, reference: string, revisionId: string | undefined): Promise<Entry> {
    const key = unqualified(parseReference(scope, reference));
    await this.#deps.functions.settling(key);
    const entry = this.#deps.functions.find(scope, reference, undefined);
    if (revisionId !== undefined && revisionId !== entry.record.latest.revisionId) {
      throw new LambdaError(
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      );
    }
    return entry;
  }

  #reserve(key: FunctionKey): void {
    if (!this.#deps.functions.reserve(key)) throw updateInProgress(key);
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
