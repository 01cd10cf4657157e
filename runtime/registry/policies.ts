import { randomUUID } from 'node:crypto';
import { LambdaError } from '../contract/errors.ts';
import { POLICY_BYTES } from '../contract/limits.ts';
import type { PolicyStatement } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionPolicy } from '../store/attachment-record.ts';
import type { FunctionKey } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import type { Attachments } from './attachments.ts';
import { staleRevision } from './change-conflicts.ts';
import { Constraints } from './constraints.ts';
import { functionNotFound, LATEST, parseReference, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';
import { type PolicyJudge, toOpenness } from './openness.ts';
import { assertStatementId, createStatement, type Grant } from './policy-statement.ts';

export interface PoliciesDeps {
  readonly store: RegistryStore;
  readonly functions: FunctionTable;
  readonly attachments: Attachments;
  readonly judge: PolicyJudge;
}

export interface ShownPolicy {
  readonly document: FunctionPolicy;
  readonly revisionId: string;
}

type Change = (current: FunctionPolicy | undefined, entry: Entry) => FunctionPolicy | undefined;

const EMPTY: FunctionPolicy = { Version: '2012-10-17', Id: 'default', Statement: [] };

/**
 * Resource policies: who may call a function, or what one of its qualifiers leads to. Each qualifier has its own. A policy
 * has no revision but that of the version or alias it belongs to, which every change of it moves on, as on AWS.
 */
export class Policies {
  readonly #deps: PoliciesDeps;

  constructor(deps: PoliciesDeps) {
    this.#deps = deps;
  }

  /** Adds one statement and answers it. */
  async add(
    scope: Scope,
    reference: string,
    given: string | undefined,
    { revisionId, ...grant }: Grant & { readonly revisionId?: string },
  ): Promise<PolicyStatement> {
    const { key, qualifier } = parseReference(scope, reference, given);
    const statement = createStatement(grant, toFunctionArn(key, qualifier));
    if (qualifier === LATEST) throw refused('We currently do not support adding policies for $LATEST.');
    await this.#change(key, qualifier ?? LATEST, (current = EMPTY, entry) => {
      assertThere(entry, qualifier);
      if (revisionId !== undefined && revisionId !== revisionOf(entry, qualifier)) throw staleRevision('GetPolicy');
      if (current.Statement.some(({ Sid }) => Sid === statement.Sid)) throw alreadyThere(statement.Sid);
      return { ...current, Statement: [...current.Statement, statement] };
    });
    return statement;
  }

  get(scope: Scope, reference: string, given: string | undefined): ShownPolicy {
    const { key, qualifier } = parseReference(scope, reference, given);
    const entry = this.#deps.functions.get(key);
    const document = entry?.attached.get('policy', qualifier ?? LATEST)?.document;
    if (entry === undefined || document === undefined) throw noSuchResource();
    return { document, revisionId: revisionOf(entry, qualifier) ?? '' };
  }

  async remove(
    scope: Scope,
    reference: string,
    given: string | undefined,
    { statementId, revisionId }: { readonly statementId: string; readonly revisionId?: string },
  ): Promise<void> {
    const { key, qualifier } = parseReference(scope, reference, given);
    const constraints = new Constraints();
    assertStatementId(statementId, constraints);
    constraints.assertSatisfied();
    if (!this.#deps.functions.has(key)) throw notFound(`No policy found for: ${toFunctionArn(key, qualifier)}`);
    await this.#change(key, qualifier ?? LATEST, (current, entry) => {
      assertThere(entry, qualifier);
      if (current === undefined) throw notFound('No policy is associated with the given resource.');
      const rest = current.Statement.filter(({ Sid }) => Sid !== statementId);
      if (rest.length === current.Statement.length) {
        throw notFound(`Statement ${statementId} is not found in resource policy.`);
      }
      if (revisionId !== undefined && revisionId !== revisionOf(entry, qualifier)) throw staleRevision('GetPolicy');
      return rest.length === 0 ? undefined : { ...current, Statement: rest };
    });
  }

  /** Replaces the whole policy; without a `document` it goes. */
  async replace(
    scope: Scope,
    arn: string,
    { document, revisionId }: { readonly document?: FunctionPolicy; readonly revisionId?: string },
  ): Promise<void> {
    const { key, qualifier } = parseReference(scope, arn);
    if (qualifier === LATEST) throw refused('We currently do not support adding policies for $LATEST.');
    await this.#change(key, qualifier ?? LATEST, (current, entry) => {
      assertThere(entry, qualifier);
      if (current === undefined && document === undefined) throw noSuchResource();
      if (revisionId !== undefined && revisionId !== revisionOf(entry, qualifier)) {
        throw staleRevision('GetResourcePolicy');
      }
      return document;
    });
  }

  async #change(key: FunctionKey, qualifier: string, change: Change): Promise<void> {
    const { functions, attachments, judge } = this.#deps;
    const resource = toFunctionArn(key, qualifier === LATEST ? undefined : qualifier);
    await judge.ready();
    await functions.exclusively(key, async () => {
      functions.find(key, qualifier === LATEST ? undefined : qualifier);
      await attachments.changeNow(key, qualifier, 'policy', (current, entry) => {
        const document = change(current?.document, entry);
        if (document === undefined) return undefined;
        assertSize(document);
        return { kind: 'policy', document, isPublic: toOpenness(judge, document, resource) };
      });
      await this.#advance(functions.find(key), qualifier);
    });
  }

  /** Gives the version or alias a new revision; what runs is the same. */
  async #advance(entry: Entry, qualifier: string): Promise<void> {
    const { functions, store } = this.#deps;
    const revisionId = randomUUID();
    const alias = entry.aliases.get(qualifier);
    if (alias !== undefined) {
      const next = { ...alias, revisionId };
      if ((await store.updateAlias(next, alias.revisionId)) === 'stored') functions.putAlias(next);
      return;
    }
    const version = qualifier === LATEST ? entry.record.latest : entry.published.get(qualifier)?.record;
    if (version === undefined) return;
    const next = { ...version, revisionId, runs: version.runs ?? version.revisionId };
    if ((await store.updateVersion(entry.record, next, version.revisionId)) === 'stale') return;
    if (qualifier === LATEST) functions.put({ ...entry.record, latest: next });
    else functions.putVersion(entry.record, next);
  }
}

function assertSize(document: FunctionPolicy): void {
  const bytes = Buffer.byteLength(JSON.stringify(document));
  if (bytes <= POLICY_BYTES) return;
  throw new LambdaError(
    'PolicyLengthExceededException',
    `The final policy size (${bytes}) is bigger than the limit (${POLICY_BYTES}).`,
  );
}

/** Throws Lambda's error when the function has no such version or alias. */
function assertThere(entry: Entry, qualifier: string | undefined): void {
  if (revisionOf(entry, qualifier) !== undefined) return;
  if (qualifier !== undefined && /^(?!\d+$)[a-zA-Z0-9-_]+$/.test(qualifier)) {
    throw notFound(`Cannot find alias arn: ${toFunctionArn(entry.record, qualifier)}`);
  }
  throw functionNotFound(entry.record, qualifier);
}

function revisionOf(entry: Entry, qualifier: string = LATEST): string | undefined {
  if (qualifier === LATEST) return entry.record.latest.revisionId;
  return (entry.aliases.get(qualifier) ?? entry.published.get(qualifier)?.record)?.revisionId;
}

function alreadyThere(statementId: string): LambdaError {
  return new LambdaError(
    'ResourceConflictException',
    `The statement id (${statementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
  );
}

function noSuchResource(): LambdaError {
  return notFound('The resource you requested does not exist.');
}

function notFound(message: string): LambdaError {
  return new LambdaError('ResourceNotFoundException', message);
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
