import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import { Constraints } from './constraints.ts';

/** Names a layer: Lambda keeps layers per account and region. */
export interface LayerKey extends Scope {
  readonly name: string;
}

const REFERENCE_LENGTH = 140;
const LAYER =
  /^(?:arn:[a-zA-Z0-9-]+:lambda:(?<region>[a-zA-Z0-9-]+):(?<accountId>\d{12}):layer:)?(?<name>[a-zA-Z0-9-_]+)$/;
const LAYER_SHOWN = '(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+';
const VERSION =
  /^arn:[a-zA-Z0-9-]+:lambda:(?<region>[a-zA-Z0-9-]+):(?<accountId>\d{12}):layer:(?<name>[a-zA-Z0-9-_]+):(?<version>[0-9]{1,15})$/;
/** The pattern as Lambda prints it. */
export const LAYER_VERSION_SHOWN =
  '(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)';

/** Which layer a client's LayerName means, a name or an ARN; what it leaves out is the caller's own. */
export function parseLayerKey(scope: Scope, text: string): LayerKey {
  const constraints = new Constraints();
  constraints.length('layerName', text, { min: 1, max: REFERENCE_LENGTH });
  constraints.matches('layerName', text, LAYER, LAYER_SHOWN);
  constraints.assertSatisfied();
  const { name = '', ...given } = LAYER.exec(text)?.groups ?? {};
  return { region: given.region ?? scope.region, accountId: given.accountId ?? scope.accountId, name };
}

/** What the ARN of a layer version says; undefined when it is none. */
export function parseLayerVersionArn(text: string): { key: LayerKey; version: number } | undefined {
  const groups = text.length <= REFERENCE_LENGTH ? VERSION.exec(text)?.groups : undefined;
  if (groups === undefined) return undefined;
  const { region = '', accountId = '', name = '', version } = groups;
  return { key: { region, accountId, name }, version: Number(version) };
}

export function toLayerArn({ region, accountId, name }: LayerKey, version?: number): string {
  const arn = `arn:aws:lambda:${region}:${accountId}:layer:${name}`;
  return version === undefined ? arn : `${arn}:${version}`;
}

/** Layers of other accounts and regions are none that a caller could see or change. */
export function assertOwn(scope: Scope, key: LayerKey, action: string, resource: string): void {
  if (key.accountId === scope.accountId && key.region === scope.region) return;
  throw new LambdaError(
    'AccessDeniedException',
    `User is not authorized to perform: ${action} on resource: ${resource} because no resource-based policy allows the ${action} action`,
  );
}
