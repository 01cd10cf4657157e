import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { AttachmentOf, EventInvokeAttachment } from '../store/attachment-record.ts';
import type { FunctionKey } from '../store/function-record.ts';
import { assertMayTell, type FindForbidden } from './assert-may-tell.ts';
import type { Attachments } from './attachments.ts';
import { LATEST, parseFunctionName, parseReference, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';
import { reservedOf } from './reserved-concurrency.ts';

/** What a client may set; undefined leaves Lambda's default. An empty destination is none. */
export interface EventInvokeSettings {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
  readonly destinations?: { readonly onSuccess?: string; readonly onFailure?: string };
}

/** A configuration and whose it is. */
export interface EventInvokeConfig {
  /** Of the function, with the qualifier, `$LATEST` too. */
  readonly functionArn: string;
  readonly qualifier: string;
  readonly settings: EventInvokeAttachment;
}

/** What holds for asynchronous invocations of a qualifier, defaults filled in. */
export interface EventHandling {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** Concurrency reserved for the function. */
  readonly reserved: number | undefined;
  /** Absent when nobody is told how events end. */
  readonly destinations?: EventDestinations;
}

/** ARNs of who is told how events end; empty or absent ones are nobody. */
export interface EventDestinations {
  /** The execution role, which must allow telling them. */
  readonly role: string;
  readonly onSuccess?: string | undefined;
  readonly onFailure?: string | undefined;
  readonly deadLetters?: string | undefined;
}

export interface EventInvokeConfigsDeps {
  readonly attachments: Attachments;
  readonly functions: FunctionTable;
  readonly clock: () => number;
  /** Asked before a function gets a destination; any is taken where it is absent. */
  readonly findForbidden?: FindForbidden | undefined;
}

const KIND = 'event-invoke';
const DEFAULTS = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 } as const;
const DESTINATION_SERVICES = ['sqs', 'sns', 'lambda', 'events'];

type Current = AttachmentOf<typeof KIND> | undefined;

/** How asynchronous invocations of functions, versions and aliases are handled. */
export class EventInvokeConfigs {
  readonly #deps: EventInvokeConfigsDeps;

  constructor(deps: EventInvokeConfigsDeps) {
    this.#deps = deps;
  }

  /** Replaces whatever was configured. */
  put(
    scope: Scope,
    reference: string,
    given: string | undefined,
    settings: EventInvokeSettings,
  ): Promise<EventInvokeConfig> {
    return this.#set(scope, reference, given, settings, () => ({}));
  }

  /** Changes what `settings` names, and keeps the rest. */
  update(
    scope: Scope,
    reference: string,
    given: string | undefined,
    settings: EventInvokeSettings,
  ): Promise<EventInvokeConfig> {
    return this.#set(scope, reference, given, settings, (key, qualifier, current) => {
      if (current === undefined) throw noConfig(key, qualifier);
      return current;
    });
  }

  get(scope: Scope, reference: string, given: string | undefined): EventInvokeConfig {
    const { key, qualifier = LATEST } = parseReference(scope, reference, given);
    const settings = this.#deps.functions.get(key)?.attached.get(KIND, qualifier);
    if (settings === undefined) throw noConfig(key, qualifier);
    return toConfig(key, qualifier, settings);
  }

  async delete(scope: Scope, reference: string, given: string | undefined): Promise<void> {
    const { key, qualifier } = this.#find(scope, reference, given);
    await this.#deps.attachments.change(key, qualifier, KIND, (current) => {
      if (current === undefined) throw noConfig(key, qualifier);
      return undefined;
    });
  }

  /** A function's configurations, by qualifier. */
  list(scope: Scope, reference: string): EventInvokeConfig[] {
    const { key, entry } = this.#find(scope, reference, undefined);
    return entry.attached.list(KIND).map(({ qualifier, attachment }) => toConfig(key, qualifier, attachment));
  }

  /** Throws Lambda's error when there is no such function. */
  handling(scope: Scope, name: string, qualifier: string = LATEST): EventHandling {
    const entry = this.#deps.functions.find({ ...scope, name }, qualifier);
    const settings = entry.attached.get(KIND, qualifier);
    const { maximumRetryAttempts, maximumEventAgeSeconds } = { ...DEFAULTS, ...settings };
    const { version, record } = this.#deps.functions.selectIn(entry, qualifier, FIRST_VERSION) ?? entry.latest;
    const { onSuccess, onFailure } = settings ?? {};
    const deadLetters = record.deadLetterTargetArn;
    const isTold = onSuccess || onFailure || deadLetters;
    return {
      ...{ maximumRetryAttempts, maximumEventAgeSeconds, reserved: reservedOf(entry) },
      ...(isTold ? { destinations: { role: version.role, onSuccess, onFailure, deadLetters } } : {}),
    };
  }

  async #set(
    scope: Scope,
    reference: string,
    given: string | undefined,
    { destinations, ...settings }: EventInvokeSettings,
    toBase: (key: FunctionKey, qualifier: string, current: Current) => Partial<EventInvokeAttachment>,
  ): Promise<EventInvokeConfig> {
    if (destinations === undefined && Object.keys(settings).length === 0) {
      throw refused('You must specify at least one of error handling or destination setting.');
    }
    const { key, qualifier, role } = this.#find(scope, reference, given);
    for (const arn of Object.values(destinations ?? {})) {
      this.#assertDestination(key, arn);
      await assertMayTell(this.#deps.findForbidden, { arn, role });
    }
    const set = await this.#deps.attachments.change(key, qualifier, KIND, (current) => {
      const { onSuccess, onFailure, ...rest } = toBase(key, qualifier, current);
      const kept = { ...(onSuccess ? { onSuccess } : {}), ...(onFailure ? { onFailure } : {}) };
      return { ...rest, ...settings, ...(destinations ?? kept), kind: KIND, modifiedAt: this.#deps.clock() };
    });
    return toConfig(key, qualifier, set);
  }

  #find(
    scope: Scope,
    reference: string,
    given: string | undefined,
  ): { key: FunctionKey; qualifier: string; entry: Entry; role: string } {
    const { key, qualifier = LATEST } = parseReference(scope, reference, given);
    const { functions } = this.#deps;
    const entry = functions.get(key);
    const selected = entry && functions.selectIn(entry, qualifier, FIRST_VERSION);
    if (entry && selected) return { key, qualifier, entry, role: selected.version.role };
    throw new LambdaError('ResourceNotFoundException', "The function doesn't exist.");
  }

  #assertDestination(key: FunctionKey, arn: string): void {
    const [, , service = '', region, accountId] = arn.split(':');
    if (!DESTINATION_SERVICES.includes(service)) throw refused(`The destination ARN ${arn} is invalid.`);
    if (service !== 'lambda') return;
    const name = parseFunctionName(arn)?.name;
    const isOurs = region === key.region && accountId === key.accountId;
    if (name === undefined || (isOurs && !this.#deps.functions.has({ ...key, name }))) {
      throw refused(`The destination ARN ${arn} is invalid.`);
    }
    if (isOurs && name === key.name) throw refused("You can't specify the function as a destination for itself.");
  }
}

/** Drawn for an alias where it stands for its own version, not for a share of calls. */
const FIRST_VERSION = 1;

function toConfig(key: FunctionKey, qualifier: string, settings: EventInvokeAttachment): EventInvokeConfig {
  return { functionArn: toFunctionArn(key, qualifier), qualifier, settings };
}

function noConfig(key: FunctionKey, qualifier: string): LambdaError {
  return new LambdaError(
    'ResourceNotFoundException',
    `The function ${toFunctionArn(key, qualifier)} doesn't have an EventInvokeConfig`,
  );
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
