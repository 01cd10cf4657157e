import { randomBytes } from 'node:crypto';
import type { Cors } from '../contract/cors.ts';
import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionKey, UrlConfigRecord } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { Constraints } from './constraints.ts';
import { LATEST, parseReference, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';

export interface UrlSettings {
  readonly authType: UrlConfigRecord['authType'];
  readonly invokeMode: UrlConfigRecord['invokeMode'];
  readonly cors?: Cors;
}

export interface FunctionUrlsDeps {
  readonly store: RegistryStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** The URL's text, such as `http://{urlId}.lambda-url.{region}.localhost:8420/`. */
  readonly functionUrl: (urlId: string, region: string) => string;
  readonly functions: FunctionTable;
}

/** Function URL configurations: one per function and alias, found by id and by function. */
export class FunctionUrls {
  readonly #deps: FunctionUrlsDeps;
  readonly #byId = new Map<string, UrlConfigRecord>();
  readonly #byTarget = new Map<string, UrlConfigRecord>();

  constructor(deps: FunctionUrlsDeps) {
    this.#deps = deps;
  }

  /** Takes in what the store holds. */
  restore(records: readonly UrlConfigRecord[]): void {
    for (const record of records) this.#remember(record);
  }

  async create(
    scope: Scope,
    reference: string,
    qualifier: string | undefined,
    settings: UrlSettings,
  ): Promise<UrlConfigRecord> {
    const target = parseTarget(scope, reference, qualifier);
    return this.#deps.functions.inTurn(target.key, () => this.#create(target, settings));
  }

  async #create(target: Target, settings: UrlSettings): Promise<UrlConfigRecord> {
    const entry = this.#deps.functions.get(target.key);
    if (entry === undefined || !isThere(entry, target)) throw noSuchFunction();
    const arn = targetArn(target);
    const now = this.#deps.clock();
    const record: UrlConfigRecord = {
      ...target.key,
      qualifier: target.qualifier,
      urlId: createUrlId(),
      ...settings,
      createdAt: now,
      modifiedAt: now,
    };
    const answer = this.#byTarget.has(targetId(target)) ? 'exists' : await this.#deps.store.createUrlConfig(record);
    if (answer === 'missing') throw noSuchFunction();
    if (answer === 'exists') {
      throw new LambdaError(
        'ResourceConflictException',
        `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      );
    }
    this.#remember(record);
    return record;
  }

  get(scope: Scope, reference: string, qualifier: string | undefined): UrlConfigRecord {
    return this.#find(parseTarget(scope, reference, qualifier));
  }

  /** Changes what `settings` names; the id, and so the URL, stays. */
  async update(
    scope: Scope,
    reference: string,
    qualifier: string | undefined,
    settings: Partial<UrlSettings>,
  ): Promise<UrlConfigRecord> {
    const target = parseTarget(scope, reference, qualifier);
    return this.#deps.functions.inTurn(target.key, () => this.#update(target, settings));
  }

  async #update(target: Target, settings: Partial<UrlSettings>): Promise<UrlConfigRecord> {
    const entry = this.#deps.functions.get(target.key);
    if (entry === undefined || !isThere(entry, target)) throw noSuchFunction();
    const current = this.#find(target);
    const record = { ...current, ...settings, modifiedAt: this.#deps.clock() };
    if ((await this.#deps.store.updateUrlConfig(record)) === 'missing') throw noSuchResource();
    this.#remember(record);
    return record;
  }

  async delete(scope: Scope, reference: string, qualifier: string | undefined): Promise<void> {
    const target = parseTarget(scope, reference, qualifier);
    await this.#deps.functions.inTurn(target.key, async () => {
      const record = this.#find(target);
      if ((await this.#deps.store.deleteUrlConfig(record.urlId)) === 'missing') throw noSuchResource();
      this.#drop(record);
    });
  }

  /** A function's configurations, by qualifier. */
  list(scope: Scope, reference: string): UrlConfigRecord[] {
    const { key } = parseReference(scope, reference);
    if (!this.#deps.functions.has(key)) throw noSuchFunction();
    return [...this.#byId.values()]
      .filter((record) => isSameFunction(record, key))
      .sort((a, b) => (a.qualifier < b.qualifier ? -1 : 1));
  }

  /** Forgets the URLs of a function, or of one of its aliases, that the store has deleted. */
  forget(key: FunctionKey, alias?: string): void {
    for (const record of [...this.#byId.values()]) {
      if (isSameFunction(record, key) && (alias ?? record.qualifier) === record.qualifier) this.#drop(record);
    }
  }

  findById(urlId: string): UrlConfigRecord | undefined {
    return this.#byId.get(urlId);
  }

  /** By function and qualifier; undefined also when `reference` is no function name. */
  findByFunction(scope: Scope, reference: string, qualifier?: string): UrlConfigRecord | undefined {
    try {
      return this.get(scope, reference, qualifier);
    } catch (error) {
      if (error instanceof LambdaError) return undefined;
      throw error;
    }
  }

  urlOf(record: UrlConfigRecord): string {
    return this.#deps.functionUrl(record.urlId, record.region);
  }

  #find(target: Target): UrlConfigRecord {
    const record = this.#byTarget.get(targetId(target));
    if (record === undefined) throw noSuchResource();
    return record;
  }

  #remember(record: UrlConfigRecord): void {
    this.#byId.set(record.urlId, record);
    this.#byTarget.set(targetId({ key: record, qualifier: record.qualifier }), record);
    this.#deps.functions.touched(record);
  }

  #drop(record: UrlConfigRecord): void {
    this.#byId.delete(record.urlId);
    this.#byTarget.delete(targetId({ key: record, qualifier: record.qualifier }));
    this.#deps.functions.touched(record);
  }
}

interface Target {
  readonly key: FunctionKey;
  readonly qualifier: string;
}

/** URLs belong to a function itself, which is meant without a qualifier, and to aliases, never to a numbered version. */
function parseTarget(scope: Scope, reference: string, given: string | undefined): Target {
  const { key, qualifier } = parseReference(scope, reference, given);
  const asked = given ?? (qualifier === LATEST ? undefined : qualifier);
  const constraints = new Constraints();
  constraints.matches('qualifier', asked, /^(?!\d+$)[0-9a-zA-Z-_]+$/, '((?!^\\d+$)^[0-9a-zA-Z-_]+$)');
  constraints.assertSatisfied();
  return { key, qualifier: asked ?? LATEST };
}

function isThere({ aliases }: Entry, { qualifier }: Target): boolean {
  return qualifier === LATEST || aliases.has(qualifier);
}

export function urlTargetArn(record: UrlConfigRecord): string {
  return targetArn({ key: record, qualifier: record.qualifier });
}

function targetArn({ key, qualifier }: Target): string {
  return toFunctionArn(key, qualifier === LATEST ? undefined : qualifier);
}

function targetId({ key, qualifier }: Target): string {
  return toFunctionArn(key, qualifier);
}

function isSameFunction(a: FunctionKey, b: FunctionKey): boolean {
  return a.name === b.name && a.region === b.region && a.accountId === b.accountId;
}

/** 32 letters and digits, 160 random bits: a DNS label nobody guesses. */
function createUrlId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return [...randomBytes(32)].map((byte) => alphabet[byte & 31]).join('');
}

function notFound(message: string): LambdaError {
  return new LambdaError('ResourceNotFoundException', message);
}

function noSuchFunction(): LambdaError {
  return notFound('Function does not exist');
}

function noSuchResource(): LambdaError {
  return notFound('The resource you requested does not exist.');
}
