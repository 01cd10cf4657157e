import { createHash } from 'node:crypto';
import type { VersionRecord } from '../store/function-record.ts';
import { parseWarmUp } from './environment.ts';

/** Names what a thread loads for a version: equal for versions whose module, image and files are the same. */
export function toImageName({ code, memoryMb, handler, environment = {}, layers = [] }: VersionRecord): string {
  const parts = ['artifact' in code ? code.artifact : '', code.package, memoryMb, handler, parseWarmUp(environment)];
  parts.push(...layers.map((layer) => layer.package));
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
