import { randomUUID } from 'node:crypto';
import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { LayerPolicy, LayerStatement, LayerVersionRecord } from '../store/layer-record.ts';
import { assertOwn, type LayerKey, parseLayerKey, toLayerArn } from './layer-name.ts';
import type { Layers } from './layers.ts';

export interface LayerPermissionInput {
  readonly statementId: string;
  readonly action: string;
  /** An account's id, the ARN of its root, or `*` for everyone. */
  readonly principal: string;
  /** Of everyone, those of this organisation. */
  readonly organizationId?: string;
  /** When given, only this revision of the policy is changed. */
  readonly revisionId?: string;
}

/** Who may use a layer version beside its own account. */
export class LayerPermissions {
  readonly #layers: Layers;

  constructor(layers: Layers) {
    this.#layers = layers;
  }

  async add(
    scope: Scope,
    reference: string,
    version: number,
    input: LayerPermissionInput,
  ): Promise<{ readonly statement: LayerStatement; readonly revisionId: string }> {
    const key = ownKey(scope, reference, version, 'lambda:AddLayerVersionPermission');
    const statement = toStatement(toLayerArn(key, version), input);
    const revisionId = randomUUID();
    await this.#change(key, version, (policy) => {
      const statements = policy?.statements ?? [];
      assertRevision(policy, input.revisionId);
      if (statements.some(({ Sid }) => Sid === statement.Sid)) throw exists(statement.Sid);
      return { revisionId, statements: [...statements, statement] };
    });
    return { statement, revisionId };
  }

  async get(scope: Scope, reference: string, version: number): Promise<LayerPolicy> {
    const key = ownKey(scope, reference, version, 'lambda:GetLayerVersionPolicy');
    const record = await this.#layers.find(key, version);
    if (record === undefined) throw versionNotFound(key, version);
    if (record.policy !== undefined) return record.policy;
    throw new LambdaError('ResourceNotFoundException', 'No policy is associated with the given resource.');
  }

  async remove(scope: Scope, reference: string, version: number, sid: string, revisionId?: string): Promise<void> {
    const key = ownKey(scope, reference, version, 'lambda:RemoveLayerVersionPermission');
    await this.#change(key, version, (policy) => {
      const statements = policy?.statements ?? [];
      assertRevision(policy, revisionId);
      const rest = statements.filter(({ Sid }) => Sid !== sid);
      if (rest.length === statements.length) {
        throw new LambdaError('ResourceNotFoundException', `Statement ${sid} is not found in resource policy.`);
      }
      return rest.length === 0 ? undefined : { revisionId: randomUUID(), statements: rest };
    });
  }

  async #change(
    key: LayerKey,
    version: number,
    change: (policy: LayerPolicy | undefined) => LayerPolicy | undefined,
  ): Promise<void> {
    const changed = await this.#layers.change(key, version, ({ policy, ...record }): LayerVersionRecord => {
      const next = change(policy);
      return next === undefined ? record : { ...record, policy: next };
    });
    if (changed === undefined) throw versionNotFound(key, version);
  }
}

function ownKey(scope: Scope, reference: string, version: number, action: string): LayerKey {
  const key = parseLayerKey(scope, reference);
  assertOwn(scope, key, action, toLayerArn(key, version));
  return key;
}

function toStatement(resource: string, input: LayerPermissionInput): LayerStatement {
  const { statementId, action, principal, organizationId } = input;
  const arn = /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal;
  return {
    Sid: statementId,
    Effect: 'Allow',
    Principal: arn === '*' ? arn : { AWS: arn },
    Action: action,
    Resource: resource,
    ...(organizationId === undefined ? {} : { Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId } } }),
  };
}

function assertRevision(policy: LayerPolicy | undefined, expected: string | undefined): void {
  if (expected === undefined || expected === policy?.revisionId) return;
  throw new LambdaError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id',
  );
}

function versionNotFound(key: LayerKey, version: number): LambdaError {
  return new LambdaError('ResourceNotFoundException', `Layer version ${toLayerArn(key, version)} does not exist.`);
}

function exists(sid: string): LambdaError {
  return new LambdaError(
    'ResourceConflictException',
    `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
  );
}
