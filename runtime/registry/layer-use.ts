import { LambdaError } from '../contract/errors.ts';
import { UNZIPPED_BYTES } from '../contract/limits.ts';
import type { Scope } from '../contract/scope.ts';
import type { LayerUse } from '../store/function-record.ts';
import { Constraints } from './constraints.ts';
import { assertOwn, LAYER_VERSION_SHOWN, parseLayerVersionArn, toLayerArn } from './layer-name.ts';
import type { Layers } from './layers.ts';

const MOST = 5;

/** The layer versions that a function names, as it will keep them. Throws LambdaError when it cannot have them. */
export async function toLayerUses(layers: Layers, scope: Scope, arns: readonly string[]): Promise<readonly LayerUse[]> {
  if (arns.length > MOST) throw refused(`Cannot reference more than ${MOST} layers.`);
  const uses: LayerUse[] = [];
  for (const arn of arns) uses.push(await toLayerUse(layers, scope, arn, arns));
  const seen = new Map<string, string>();
  for (const { arn } of uses) {
    const layer = arn.slice(0, arn.lastIndexOf(':'));
    const earlier = seen.get(layer);
    if (earlier !== undefined) {
      throw refused(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${earlier} and ${arn} are versions of the same layer.`,
      );
    }
    seen.set(layer, arn);
  }
  return uses;
}

/** Throws unless a package and its layers fit together, which have that many bytes unpacked. */
export function assertSize(packageBytes: number, layers: readonly LayerUse[] = []): void {
  const layerBytes = layers.reduce((sum, { unzippedBytes }) => sum + unzippedBytes, 0);
  if (layerBytes > UNZIPPED_BYTES) {
    throw refused(`Layers consume more than the available size of ${UNZIPPED_BYTES} bytes`);
  }
  const bytes = packageBytes + layerBytes;
  if (bytes <= UNZIPPED_BYTES) return;
  throw refused(
    `Function code combined with layers exceeds the maximum allowed size of ${UNZIPPED_BYTES} bytes. The actual size is ${bytes} bytes.`,
  );
}

async function toLayerUse(layers: Layers, scope: Scope, arn: string, arns: readonly string[]): Promise<LayerUse> {
  const { key, version } = parseLayerVersionArn(arn) ?? refuseMalformed(arns);
  if (key.accountId === scope.accountId && key.region !== scope.region) {
    throw refused(
      `Layers are not in the same region as the function. Layers are expected to be in region ${scope.region}.`,
    );
  }
  assertOwn(scope, key, 'lambda:GetLayerVersion', arn);
  const record = await layers.find(key, version);
  if (record === undefined) throw refused(`Layer version ${arn} does not exist.`);
  const { package: hash, packageBytes, unzippedBytes } = record;
  return { arn: toLayerArn(key, version), package: hash, packageBytes, unzippedBytes };
}

function refuseMalformed(arns: readonly string[]): never {
  const constraints = new Constraints();
  constraints.violated(
    'layers',
    `[${arns.join(', ')}]`,
    `Member must satisfy constraint: [Member must have length less than or equal to 140, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ${LAYER_VERSION_SHOWN}, Member must not be null]`,
  );
  constraints.assertSatisfied();
  throw new Error('a violated constraint was satisfied');
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
