import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionKey, VersionRecord } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { toCodeSha256 } from './artifacts.ts';
import { staleRevision, updateInProgress } from './change-conflicts.ts';
import { parseFunctionKey, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable, Selected } from './function-table.ts';
import { created, settled } from './version-state.ts';

export interface PublishInput {
  /** When given, only this code is published. Lambda's CodeSha256: base64. */
  readonly codeSha256?: string;
  /** In place of the function's own. */
  readonly description?: string;
  /** When given, only this revision of `$LATEST` is published. */
  readonly revisionId?: string;
}

export interface PublishedVersionsDeps {
  readonly store: RegistryStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly functions: FunctionTable;
  /** Told of a version that is gone. */
  readonly replaced: (version: FunctionVersion) => void;
}

/** Published versions: what `$LATEST` was at some time, under a number that is never given twice. */
export class PublishedVersions {
  readonly #deps: PublishedVersionsDeps;
  /** Functions of which a version is being published: a second one at the same time is a conflict. */
  readonly #publishing = new Set<string>();

  constructor(deps: PublishedVersionsDeps) {
    this.#deps = deps;
  }

  /**
   * Publishes `$LATEST` under the next number. When neither code nor settings have changed since the last version, that
   * one is the answer. A new version is answered as `Pending` and is `Active` at the next look.
   */
  async publish(scope: Scope, reference: string, input: PublishInput): Promise<VersionRecord> {
    const { functions } = this.#deps;
    const key = parseFunctionKey(scope, reference);
    const arn = toFunctionArn(key);
    if (this.#publishing.has(arn)) throw updateInProgress(key);
    this.#publishing.add(arn);
    try {
      return await functions.exclusively(key, () => this.#publish(functions.find(key), input));
    } finally {
      this.#publishing.delete(arn);
    }
  }

  async #publish(entry: Entry, { codeSha256, description, revisionId }: PublishInput): Promise<VersionRecord> {
    const { functions, store, clock } = this.#deps;
    const { latest } = entry.record;
    assertCode(latest, codeSha256);
    if (revisionId !== undefined && revisionId !== latest.revisionId) throw staleRevision();
    const last = entry.published.get(String(entry.lastPublished))?.record;
    if (last !== undefined && hasSameContent(last, latest)) return last;
    const pending = created({
      ...latest,
      description: description ?? latest.description,
      version: String(entry.lastPublished + 1),
      revisionId: randomUUID(),
      lastModified: clock(),
    });
    const version = settled(pending, { revisionId: randomUUID() });
    if ((await store.publishVersion(entry.record, version)) === 'exists') throw updateInProgress(entry.record);
    functions.putVersion(entry.record, version);
    return pending;
  }

  /** A function's versions: `$LATEST`, then the published ones, oldest first. */
  list(scope: Scope, reference: string): Selected[] {
    const { latest, published } = this.#deps.functions.find(parseFunctionKey(scope, reference));
    return [latest, ...published.values()];
  }

  /** Deletes one version; one that is not there is no error, as on AWS. */
  delete(key: FunctionKey, version: string): Promise<void> {
    return this.#deps.functions.inTurn(key, () => this.#delete(key, version));
  }

  async #delete(key: FunctionKey, version: string): Promise<void> {
    const { functions, store, replaced } = this.#deps;
    const entry = functions.find(key, version);
    const using = [...entry.aliases.values()].filter((alias) => alias.version === version || version in alias.weights);
    if (using.length > 0) {
      const names = using.map(({ alias }) => alias).join(', ');
      throw new LambdaError(
        'ResourceConflictException',
        `Unable to delete version because the following aliases reference it: [${names}]`,
      );
    }
    const gone: Selected | undefined = entry.published.get(version);
    if (gone === undefined) return;
    await store.deleteVersion(entry.record, version);
    functions.removeVersion(entry.record, version);
    replaced(gone.version);
  }
}

function assertCode(latest: VersionRecord, expected: string | undefined): void {
  const actual = toCodeSha256(latest.code);
  if (expected === undefined || expected === actual) return;
  throw new LambdaError(
    'InvalidParameterValueException',
    `CodeSHA256 (${expected}) is different from current CodeSHA256 in $LATEST (${actual}). Please try again with the CodeSHA256 in $LATEST.`,
  );
}

/** The description is not looked at: a version may have been given its own. */
function hasSameContent(version: VersionRecord, latest: VersionRecord): boolean {
  return isDeepStrictEqual(contentOf(version), contentOf(latest));
}

function contentOf(record: VersionRecord): unknown {
  const { version, revisionId, runs, lastModified, description, code, ...rest } = record;
  const { state, stateReason, lastUpdateStatus, lastUpdateReason, ...settings } = rest;
  return { ...settings, package: code.package };
}
