import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { Scope } from '../contract/scope.ts';
import type { ProvisionedAttachment } from '../store/attachment-record.ts';
import type { FunctionKey } from '../store/function-record.ts';
import { Turns } from '../store/turns.ts';
import type { Attachments } from './attachments.ts';
import { Constraints } from './constraints.ts';
import { functionNotFound, LATEST, parseReference, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';
import { LEAST_UNRESERVED, type ReservedConcurrency, reservedOf } from './reserved-concurrency.ts';

/** Where isolates are kept restored. */
export interface Provisioner {
  /** Keeps `count` isolates of a version restored; 0 lets them go. Rejects when the version cannot be loaded. */
  provision(version: FunctionVersion, count: number): Promise<void>;
  /** Isolates of a revision that are restored now. */
  provisioned(revision: string): number;
  /** Isolates that may be provisioned for all functions together. */
  readonly mostProvisioned: number;
}

export interface ProvisionedConcurrencyDeps {
  readonly attachments: Attachments;
  readonly functions: FunctionTable;
  readonly provisioner: Provisioner;
  readonly reserved: Pick<ReservedConcurrency, 'unreserved'>;
  readonly clock: () => number;
  readonly observer: Observer;
}

/** A configuration, and how far it is carried out. */
export interface ProvisionedStatus {
  readonly key: FunctionKey;
  /** An alias or a version number. */
  readonly qualifier: string;
  readonly attachment: ProvisionedAttachment;
  readonly status: 'IN_PROGRESS' | 'READY' | 'FAILED';
  /** Present when it failed. */
  readonly reason?: string;
  readonly available: number;
}

interface Found {
  readonly key: FunctionKey;
  readonly entry: Entry;
  readonly qualifier: string;
}

/** Isolates of a version, or of the version that an alias leads to, that are restored before anyone asks. */
export class ProvisionedConcurrency {
  readonly #deps: ProvisionedConcurrencyDeps;
  /** Why a revision could not be provisioned. */
  readonly #failures = new Map<string, string>();
  /** What is asked for is weighed against what all functions have, so it is done one after another. */
  readonly #turns = new Turns();

  constructor(deps: ProvisionedConcurrencyDeps) {
    this.#deps = deps;
    deps.functions.watch((before, after) => this.#follow(before, after));
  }

  async put(scope: Scope, reference: string, given: string | undefined, requested: number): Promise<ProvisionedStatus> {
    const { key, qualifier } = this.#find(scope, reference, given);
    const change = (_: unknown, entry: Entry): ProvisionedAttachment => {
      if (versionBehind(entry, qualifier) === LATEST) throw unpublished();
      assertWhole(entry, qualifier);
      assertUnshared(entry, qualifier);
      assertWithinReservation(entry, qualifier, requested);
      this.#assertUnreserved(scope, entry, qualifier, requested);
      this.#assertRoom(entry, qualifier, requested);
      return { kind: 'provisioned', requested, modifiedAt: this.#deps.clock() };
    };
    const attachment = await this.#turns.take('', () =>
      this.#deps.attachments.change(key, qualifier, 'provisioned', change),
    );
    return { key, qualifier, attachment, status: 'IN_PROGRESS', available: 0 };
  }

  get(scope: Scope, reference: string, given: string | undefined): ProvisionedStatus {
    const { entry, qualifier } = this.#find(scope, reference, given);
    const attachment = entry.attached.get('provisioned', qualifier);
    if (attachment !== undefined) return this.#toStatus(entry, qualifier, attachment);
    throw new LambdaError(
      'ProvisionedConcurrencyConfigNotFoundException',
      'No Provisioned Concurrency Config found for this function',
    );
  }

  /** One that is not there is no error, as on AWS. */
  async delete(scope: Scope, reference: string, given: string | undefined): Promise<void> {
    const { key, qualifier } = this.#find(scope, reference, given);
    await this.#deps.attachments.change(key, qualifier, 'provisioned', () => undefined);
  }

  /** A function's configurations, by qualifier. */
  list(scope: Scope, reference: string): ProvisionedStatus[] {
    const entry = this.#deps.functions.find(parseReference(scope, reference).key);
    return entry.attached
      .list('provisioned')
      .map(({ qualifier, attachment }) => this.#toStatus(entry, qualifier, attachment));
  }

  #find(scope: Scope, reference: string, given: string | undefined): Found {
    const { key, qualifier } = parseReference(scope, reference, given);
    const constraints = new Constraints();
    constraints.required('qualifier', qualifier);
    constraints.assertSatisfied();
    const entry = this.#deps.functions.find(key, qualifier);
    if (qualifier === undefined || qualifier === LATEST) throw unpublished();
    if (this.#deps.functions.selectIn(entry, qualifier, FIRST_VERSION) === undefined) {
      throw functionNotFound(key, qualifier);
    }
    return { key, entry, qualifier };
  }

  /** What is provisioned for functions without a reservation is part of what those share. */
  #assertUnreserved(scope: Scope, entry: Entry, qualifier: string, requested: number): void {
    if (reservedOf(entry) !== undefined) return;
    const { functions, reserved } = this.#deps;
    const isScopes = ({ record }: Entry) => record.region === scope.region && record.accountId === scope.accountId;
    const sharing = [...functions.all()].filter((each) => isScopes(each) && reservedOf(each) === undefined);
    const room = reserved.unreserved(scope) - countProvisioned(sharing) + requestedOf(entry, qualifier);
    const message =
      requested > room
        ? `is greater than account's unreserved concurrency [${room}].`
        : `decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`;
    if (requested > room - LEAST_UNRESERVED) {
      throw new LambdaError('InvalidParameterValueException', `Specified ConcurrentExecutions for function ${message}`);
    }
  }

  #assertRoom(entry: Entry, qualifier: string, requested: number): void {
    const { functions, provisioner } = this.#deps;
    const room = provisioner.mostProvisioned - countProvisioned(functions.all()) + requestedOf(entry, qualifier);
    if (requested <= room) return;
    throw new LambdaError(
      'InvalidParameterValueException',
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${room}]. ${toFunctionArn(entry.record, qualifier)} cannot keep ${requested} isolates: raise ISOLA_ISOLATES.`,
    );
  }

  #toStatus(entry: Entry, qualifier: string, attachment: ProvisionedAttachment): ProvisionedStatus {
    const version = this.#deps.functions.selectIn(entry, qualifier, FIRST_VERSION)?.version;
    const reason = version && this.#failures.get(version.revision);
    const status = { key: entry.record, qualifier, attachment };
    if (reason !== undefined) return { ...status, status: 'FAILED', reason, available: 0 };
    const available = version ? this.#deps.provisioner.provisioned(version.revision) : 0;
    return { ...status, available, status: available >= attachment.requested ? 'READY' : 'IN_PROGRESS' };
  }

  /** Provisions what a function's configurations mean now, and lets go what they meant before. */
  #follow(before: Entry | undefined, after: Entry | undefined): void {
    const [had, wanted] = [this.#wanted(before), this.#wanted(after)];
    for (const [revision, { version }] of had) if (!wanted.has(revision)) this.#provision(version, 0);
    for (const [revision, { version, count }] of wanted) {
      if (had.get(revision)?.count !== count) this.#provision(version, count);
    }
  }

  #provision(version: FunctionVersion, count: number): void {
    this.#failures.delete(version.revision);
    this.#deps.provisioner.provision(version, count).catch((error: Error) => {
      this.#failures.set(version.revision, error.message);
      this.#deps.observer.noticed('error', `${version.arn}:${version.version} cannot be provisioned: ${error.message}`);
    });
  }

  #wanted(entry: Entry | undefined): Map<string, { readonly version: FunctionVersion; readonly count: number }> {
    const wanted = new Map<string, { readonly version: FunctionVersion; readonly count: number }>();
    for (const { qualifier, attachment } of entry?.attached.list('provisioned') ?? []) {
      const selected = this.#deps.functions.selectIn(entry as Entry, qualifier, FIRST_VERSION);
      if (selected) wanted.set(selected.version.revision, { version: selected.version, count: attachment.requested });
    }
    return wanted;
  }
}

/** Drawn for an alias where it stands for its own version, not for a share of calls. */
const FIRST_VERSION = 1;

/** Isolates that are provisioned for functions together. */
function countProvisioned(entries: Iterable<Entry>): number {
  let count = 0;
  for (const { attached } of entries) {
    for (const { attachment } of attached.list('provisioned')) count += attachment.requested;
  }
  return count;
}

function requestedOf({ attached }: Entry, qualifier: string): number {
  return attached.get('provisioned', qualifier)?.requested ?? 0;
}

function versionBehind(entry: Entry, qualifier: string): string {
  return entry.aliases.get(qualifier)?.version ?? qualifier;
}

/** Calls that two versions share would find isolates of one of them. */
function assertWhole(entry: Entry, qualifier: string): void {
  if (Object.keys(entry.aliases.get(qualifier)?.weights ?? {}).length === 0) return;
  throw new LambdaError(
    'InvalidParameterValueException',
    'Alias with weights can not be used with Provisioned Concurrency',
  );
}

/** A version is provisioned either by its number or through one alias. */
function assertUnshared(entry: Entry, qualifier: string): void {
  const version = versionBehind(entry, qualifier);
  const provisioned = entry.attached.list('provisioned').map((each) => each.qualifier);
  const others = provisioned.filter((each) => each !== qualifier);
  const other = others.find((each) => versionBehind(entry, each) === version);
  if (other === undefined) return;
  throw new LambdaError(
    'ResourceConflictException',
    other === version
      ? "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
      : 'Version is pointed by a Provisioned Concurrency alias',
  );
}

/** What is provisioned for a function is part of what is reserved for it. */
function assertWithinReservation(entry: Entry, qualifier: string, requested: number): void {
  const others = entry.attached.list('provisioned').filter((each) => each.qualifier !== qualifier);
  const provisioned = others.reduce((sum, { attachment }) => sum + attachment.requested, requested);
  if (provisioned <= (reservedOf(entry) ?? Number.POSITIVE_INFINITY)) return;
  throw new LambdaError(
    'InvalidParameterValueException',
    'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
  );
}

function unpublished(): LambdaError {
  return new LambdaError(
    'InvalidParameterValueException',
    'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  );
}
