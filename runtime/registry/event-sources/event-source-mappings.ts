import { randomUUID } from 'node:crypto';
import { LambdaError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/scope.ts';
import { Collection } from '../../store/collection.ts';
import type {
  EventSourceKind,
  EventSourceMappingRecord,
  EventSourceSettings,
} from '../../store/event-source-record.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { Turns } from '../../store/turns.ts';
import type { Tags } from '../function-changes.ts';
import { LATEST, parseFunctionName, parseReference, toFunctionArn } from '../function-name.ts';
import type { FunctionTable } from '../function-table.ts';
import { toSourceKind } from './source-kind.ts';
import { assertStart, completeSettings } from './source-settings.ts';

/** A source, and the execution role that is to read it. */
export interface SourceReading {
  readonly source: EventSourceKind;
  /** ARN. */
  readonly arn: string;
  readonly role: string;
  /** Of the function. */
  readonly timeoutMs: number;
}

export interface EventSourceMappingsDeps {
  /** Why a function cannot read a source, in Lambda's words; undefined when it can, or the source is not known yet. */
  readonly explainUnreadable?: ((reading: SourceReading) => Promise<string | undefined>) | undefined;
  readonly resources: ResourceStore;
  readonly functions: FunctionTable;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export interface NewMapping {
  readonly functionName: string;
  readonly isEnabled: boolean;
  readonly settings: EventSourceSettings;
  readonly tags: Tags;
}

export interface MappingChange {
  readonly functionName?: string;
  readonly isEnabled?: boolean;
  readonly settings: EventSourceSettings;
}

/**
 * Event-source mappings: which function gets the records of which source. A mapping outlives its function, as on AWS,
 * and serves the next one of that name.
 */
export class EventSourceMappings {
  readonly #deps: EventSourceMappingsDeps;
  readonly #mappings: Collection<EventSourceMappingRecord>;
  readonly #turns = new Turns();
  readonly #listeners: (() => void)[] = [];
  /** What came of the last batch, by UUID. */
  readonly #results = new Map<string, string>();

  constructor(deps: EventSourceMappingsDeps) {
    this.#deps = deps;
    this.#mappings = new Collection(deps.resources, 'event-source-mapping', () => {
      for (const listener of this.#listeners) listener();
    });
  }

  /** The mappings of every account and region. */
  async all(): Promise<readonly EventSourceMappingRecord[]> {
    await this.#mappings.open();
    return this.#mappings.all();
  }

  /** Calls `listener` when a mapping has come, changed or gone. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Keeps what came of a mapping's last batch, until the process ends. */
  report(uuid: string, result: string): void {
    this.#results.set(uuid, result);
  }

  /** Undefined when nothing was processed yet. */
  lastResult(uuid: string): string | undefined {
    return this.#results.get(uuid);
  }

  async create(
    scope: Scope,
    { functionName, isEnabled, settings, tags }: NewMapping,
  ): Promise<EventSourceMappingRecord> {
    const source = toSourceKind(settings);
    if (source === undefined) throw refused('Unrecognized event source.');
    assertStart(source, settings);
    const complete = completeSettings(source, settings);
    return this.#inTurn(scope, async () => {
      const functionArn = this.#targetOf(scope, functionName);
      await this.#assertReadable(scope, functionName, source, complete);
      const modifiedAt = this.#deps.clock();
      const record = {
        uuid: randomUUID(),
        ...{ functionArn, source, isEnabled, modifiedAt, settings: complete, tags },
      };
      this.#assertOnlyOne(scope, record);
      await this.#mappings.change(scope, record.uuid, () => record);
      return record;
    });
  }

  async get(scope: Scope, uuid: string): Promise<EventSourceMappingRecord> {
    await this.#mappings.open();
    return this.#find(scope, uuid);
  }

  /** The ARN of the function that a mapping leads to; undefined when there is no such mapping. */
  async targetOf(scope: Scope, uuid: string): Promise<string | undefined> {
    await this.#mappings.open();
    return this.#mappings.get(scope, uuid)?.functionArn;
  }

  /** Answers how the mapping was and how it is. */
  update(
    scope: Scope,
    uuid: string,
    { functionName, isEnabled, settings }: MappingChange,
  ): Promise<{ readonly before: EventSourceMappingRecord; readonly after: EventSourceMappingRecord }> {
    return this.#inTurn(scope, async () => {
      const before = this.#find(scope, uuid);
      if (functionName !== undefined) {
        this.#targetOf(scope, functionName);
        await this.#assertReadable(scope, functionName, before.source, before.settings);
      }
      const after = {
        ...before,
        functionArn: functionName === undefined ? before.functionArn : this.#targetOf(scope, functionName),
        isEnabled: isEnabled ?? before.isEnabled,
        settings: completeSettings(before.source, settings, before.settings),
        modifiedAt: this.#deps.clock(),
      };
      this.#assertOnlyOne(scope, after);
      await this.#mappings.change(scope, uuid, () => after);
      return { before, after };
    });
  }

  delete(scope: Scope, uuid: string): Promise<EventSourceMappingRecord> {
    return this.#inTurn(scope, async () => {
      const record = this.#find(scope, uuid);
      await this.#mappings.change(scope, uuid, () => undefined);
      this.#results.delete(uuid);
      return record;
    });
  }

  /** The scope's mappings by UUID; those of one source or of one function, version or alias where that is given. */
  async list(
    scope: Scope,
    filter: { readonly eventSourceArn?: string; readonly functionName?: string },
  ): Promise<readonly EventSourceMappingRecord[]> {
    await this.#mappings.open();
    const target = filter.functionName === undefined ? undefined : toTargetArn(scope, filter.functionName);
    return this.#mappings
      .list(scope)
      .filter(({ settings: { EventSourceArn: arn } }) => (filter.eventSourceArn ?? arn) === arn)
      .filter(({ functionArn }) => (target ?? functionArn) === functionArn);
  }

  /** Replaces a mapping's tags by what `change` makes of them. */
  changeTags(scope: Scope, uuid: string, change: (tags: Tags) => Tags): Promise<void> {
    return this.#inTurn(scope, async () => {
      const record = this.#find(scope, uuid);
      const tags = change(record.tags);
      await this.#mappings.change(scope, uuid, () => ({ ...record, tags }));
    });
  }

  #find(scope: Scope, uuid: string): EventSourceMappingRecord {
    const record = this.#mappings.get(scope, uuid);
    if (record !== undefined) return record;
    throw new LambdaError('ResourceNotFoundException', 'The resource you requested does not exist.');
  }

  /** The ARN of what a mapping is to invoke, which must be there. */
  #targetOf(scope: Scope, reference: string): string {
    const { key, qualifier = LATEST } = parseReference(scope, reference);
    const entry = this.#deps.functions.get(key);
    const isThere = qualifier === LATEST || entry?.aliases.has(qualifier) || entry?.published.has(qualifier);
    if (entry === undefined || !isThere) throw refused('Function does not exist');
    return toTargetArn(scope, reference);
  }

  async #assertReadable(
    scope: Scope,
    functionName: string,
    source: EventSourceKind,
    { EventSourceArn: arn }: EventSourceSettings,
  ): Promise<void> {
    if (arn === undefined) return;
    const { role, timeoutMs } = this.#deps.functions.select(scope, functionName, undefined, FIRST_VERSION).version;
    const refusal = await this.#deps.explainUnreadable?.({ source, arn, role, timeoutMs });
    if (refusal !== undefined) throw refused(refusal);
  }

  #assertOnlyOne(
    scope: Scope,
    { uuid, functionArn, source, settings: { EventSourceArn: arn } }: EventSourceMappingRecord,
  ) {
    const isSame = (each: EventSourceMappingRecord): boolean =>
      each.uuid !== uuid && each.functionArn === functionArn && each.settings.EventSourceArn === arn;
    const other = arn === undefined ? undefined : this.#mappings.list(scope).find(isSame);
    if (other === undefined) return;
    const name = parseFunctionName(functionArn)?.name;
    const what =
      source === 'sqs'
        ? `An event source mapping with SQS arn (" ${arn} ") and function (" ${name} ") already exists.`
        : `The event source arn (" ${arn} ") and function (" ${name} ") provided mapping already exists.`;
    throw new LambdaError(
      'ResourceConflictException',
      `${what} Please update or delete the existing mapping with UUID ${other.uuid}`,
    );
  }

  /** One change of a scope after another: whether a mapping is the only one of its kind depends on all of them. */
  #inTurn<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(`${scope.accountId}/${scope.region}`, async () => {
      await this.#mappings.open();
      return work();
    });
  }
}

/** Drawn for an alias where it stands for its own version, not for a share of calls. */
const FIRST_VERSION = 1;

export function mappingArn({ region, accountId }: Scope, uuid: string): string {
  return `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`;
}

/** Mappings name the function itself without `$LATEST`. */
function toTargetArn(scope: Scope, reference: string): string {
  const { key, qualifier } = parseReference(scope, reference);
  return toFunctionArn(key, qualifier === LATEST ? undefined : qualifier);
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
