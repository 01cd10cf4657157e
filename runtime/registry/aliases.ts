import { randomUUID } from 'node:crypto';
import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { AliasRecord, FunctionKey } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { staleRevision } from './change-conflicts.ts';
import { Constraints } from './constraints.ts';
import { functionNotFound, LATEST, parseFunctionKey, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';

export interface AliasSettings {
  readonly version: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
}

export type AliasChange = Partial<AliasSettings> & { readonly revisionId?: string };

export interface AliasesDeps {
  readonly store: RegistryStore;
  readonly functions: FunctionTable;
  /** Told of an alias that is gone. */
  readonly deleted: (key: FunctionKey, alias: string) => void;
}

const ALIAS_LENGTH = 128;
const ALIAS = /^(?!^[0-9]+$)[a-zA-Z0-9-_]+$/;
const VERSION = /^(\$LATEST|[0-9]+)$/;

/** Names for versions; one that shares its calls between two versions is how a release is tried on a few. */
export class Aliases {
  readonly #deps: AliasesDeps;

  constructor(deps: AliasesDeps) {
    this.#deps = deps;
  }

  create(scope: Scope, reference: string, name: string, settings: AliasSettings): Promise<AliasRecord> {
    return this.#inTurn(scope, reference, (entry) => this.#create(entry, name, settings));
  }

  async #create(entry: Entry, name: string, settings: AliasSettings): Promise<AliasRecord> {
    assertNames(name, settings);
    assertVersions(entry, settings);
    const record = { ...keyOf(entry), alias: name, ...settings, revisionId: randomUUID() };
    const answer = entry.aliases.has(name) ? 'exists' : await this.#deps.store.createAlias(record);
    if (answer === 'missing') throw functionNotFound(record);
    if (answer === 'exists') {
      throw new LambdaError('ResourceConflictException', `Alias already exists: ${toFunctionArn(record, name)}`);
    }
    this.#deps.functions.putAlias(record);
    return record;
  }

  get(scope: Scope, reference: string, name: string): AliasRecord {
    const entry = this.#function(scope, reference);
    const record = entry.aliases.get(name);
    if (record !== undefined) return record;
    throw notFound(`Cannot find alias arn: ${toFunctionArn(entry.record, name)}`);
  }

  /** Changes what `change` names. */
  update(scope: Scope, reference: string, name: string, change: AliasChange): Promise<AliasRecord> {
    return this.#inTurn(scope, reference, (entry) => this.#update(entry, name, change));
  }

  async #update(entry: Entry, name: string, change: AliasChange): Promise<AliasRecord> {
    const current = entry.aliases.get(name);
    if (current === undefined) throw notFound(`Alias not found: ${toFunctionArn(entry.record, name)}`);
    const { revisionId = current.revisionId, ...settings } = change;
    if (revisionId !== current.revisionId) throw staleRevision();
    const record = { ...current, ...settings, revisionId: randomUUID() };
    assertNames(name, record);
    assertVersions(entry, record);
    if ((await this.#deps.store.updateAlias(record, current.revisionId)) === 'stale') throw staleRevision();
    this.#deps.functions.putAlias(record);
    return record;
  }

  /** One that is not there is no error, as on AWS. */
  delete(scope: Scope, reference: string, name: string): Promise<void> {
    const { store, functions, deleted } = this.#deps;
    return this.#inTurn(scope, reference, async ({ record }) => {
      if ((await store.deleteAlias(record, name)) === 'missing') return;
      functions.removeAlias(record, name);
      deleted(record, name);
    });
  }

  /** A function's aliases by name; those that lead to `version`, when one is given. */
  list(scope: Scope, reference: string, version?: string): AliasRecord[] {
    return [...this.#function(scope, reference).aliases.values()]
      .filter((alias) => version === undefined || alias.version === version || version in alias.weights)
      .sort((a, b) => (a.alias < b.alias ? -1 : 1));
  }

  async #inTurn<T>(scope: Scope, reference: string, change: (entry: Entry) => Promise<T>): Promise<T> {
    const { functions } = this.#deps;
    const key = parseFunctionKey(scope, reference);
    return functions.inTurn(key, () => change(functions.find(key)));
  }

  #function(scope: Scope, reference: string): Entry {
    return this.#deps.functions.find(parseFunctionKey(scope, reference));
  }
}

export function aliasArn(record: AliasRecord): string {
  return toFunctionArn(record, record.alias);
}

function keyOf({ record: { accountId, region, name } }: Entry): FunctionKey {
  return { accountId, region, name };
}

function assertNames(name: string, { version, weights }: AliasSettings): void {
  const constraints = new Constraints();
  constraints.length('name', name, { min: 1, max: ALIAS_LENGTH });
  constraints.matches('name', name, ALIAS, '(?!^[0-9]+$)([a-zA-Z0-9-_]+)');
  constraints.matches('functionVersion', version, VERSION, '(\\$LATEST|[0-9]+)');
  for (const [further, weight] of Object.entries(weights)) {
    constraints.matches('routingConfig.additionalVersionWeights', further, /^[0-9]+$/, '[0-9]+');
    constraints.range('routingConfig.additionalVersionWeights', weight, { min: 0, max: 1 });
  }
  constraints.assertSatisfied();
}

function assertVersions(entry: Entry, { version, weights }: AliasSettings): void {
  const further = Object.keys(weights);
  if (further.length > 1) throw refused('Number of items in AdditionalVersionWeights cannot be greater than 1');
  if (further.length > 0 && version === LATEST) {
    throw refused('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (further.includes(version)) {
    throw refused(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  }
  for (const each of [version, ...further]) {
    if (each !== LATEST && !entry.published.has(each)) throw functionNotFound(entry.record, each);
  }
}

function notFound(message: string): LambdaError {
  return new LambdaError('ResourceNotFoundException', message);
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
