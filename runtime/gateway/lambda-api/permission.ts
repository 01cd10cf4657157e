import type { Authorizer, RoleFitness } from '../../contract/authorizer.ts';
import { LambdaError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/scope.ts';
import { LATEST, parseFunctionName, toFunctionArn } from '../../registry/function-name.ts';
import { assertAllowed } from '../auth/access.ts';
import type { Caller } from '../auth/authenticator.ts';
import type { RequestHead } from '../request-head.ts';
import type { ApiRequest, Operation } from './operation.ts';

/** Throws unless the caller's policies allow the operation on what the request names. */
export async function assertPermitted(
  operation: Operation,
  request: ApiRequest,
  asker: { readonly authorizer: Authorizer; readonly caller: Caller; readonly head: RequestHead },
): Promise<void> {
  const { authorizer, caller, head } = asker;
  if (caller.principal.kind === 'root') return;
  const { action = operation.name, service = 'lambda' } = operation;
  const named = typeof action === 'string' ? action : action(request);
  const resource = toCanonical(request.scope, operation.resource?.(request) ?? toResource(request));
  for (const context of (await operation.contexts?.(request)) ?? [{}]) {
    await assertAllowed(authorizer, caller, head, { action: `${service}:${named}`, resource, context });
  }
  const object = operation.usesObject?.(request);
  if (object !== undefined) {
    const objectArn = `arn:aws:s3:::${object.bucket}/${object.key}`;
    await assertAllowed(authorizer, caller, head, { action: 's3:GetObject', resource: objectArn });
  }
  for (const layer of operation.usesLayers?.(request) ?? []) {
    const version = toCanonical(request.scope, layer);
    await assertAllowed(authorizer, caller, head, { action: 'lambda:GetLayerVersion', resource: version });
  }
}

/** Throws unless the caller may hand the role to Lambda, and Lambda may take it on. */
export async function assertPasses(
  role: string,
  asker: { readonly authorizer: Authorizer; readonly caller: Caller; readonly head: RequestHead },
): Promise<RoleFitness> {
  const { authorizer, caller, head } = asker;
  const context = { 'iam:PassedToService': 'lambda.amazonaws.com' };
  await assertAllowed(authorizer, caller, head, { action: 'iam:PassRole', resource: role, context });
  await authorizer.ready();
  const fitness = authorizer.suits(role);
  if (fitness !== 'untrusting') return fitness;
  throw new LambdaError(
    'InvalidParameterValueException',
    'The role defined for the function cannot be assumed by Lambda.',
  );
}

/** What the path names: a function with its qualifier, a layer with its version, a mapping, whatever has tags; else `*`. */
function toResource({ scope, params, query }: ApiRequest): string {
  const { FunctionName: name, LayerName: layer, VersionNumber: version, UUID: uuid, Resource: arn } = params;
  if (name !== undefined) return toFunctionResource({ ...scope, reference: name, qualifier: query.get('Qualifier') });
  const prefix = `arn:aws:lambda:${scope.region}:${scope.accountId}`;
  if (layer !== undefined) {
    const layerArn = layer.startsWith('arn:') ? layer : `${prefix}:layer:${layer}`;
    return version === undefined ? layerArn : `${layerArn}:${version}`;
  }
  if (uuid !== undefined) return `${prefix}:event-source-mapping:${uuid}`;
  return arn ?? '*';
}

/**
 * The one spelling of an ARN by which policies mean what it names. Lambda takes several, and who is denied one of them
 * must not get by with another: other partitions, parts left out, zeros before a layer's version.
 */
function toCanonical(scope: Scope, resource: string): string {
  if (!resource.startsWith('arn:')) return resource;
  const isOther = /^arn:[^:]*:lambda:[^:]*:[^:]*:(?:layer|event-source-mapping|code-signing-config):/.test(resource);
  if (!isOther && parseFunctionName(resource) !== undefined) {
    return toFunctionResource({ ...scope, reference: resource, qualifier: undefined });
  }
  return resource.replace(/^arn:[^:]*:/, 'arn:aws:').replace(/(:layer:[^:]+):0+(?=\d)/, '$1:');
}

/** The ARN of what a function's reference means, qualified as the caller qualified it. */
export function toFunctionResource(asked: {
  readonly accountId: string;
  readonly region: string;
  readonly reference: string;
  readonly qualifier: string | null | undefined;
}): string {
  const parsed = parseFunctionName(asked.reference);
  const key = {
    accountId: parsed?.accountId ?? asked.accountId,
    region: parsed?.region ?? asked.region,
    name: parsed?.name ?? asked.reference,
  };
  const qualifier = asked.qualifier || parsed?.qualifier;
  return toFunctionArn(key, qualifier === LATEST ? undefined : qualifier);
}
