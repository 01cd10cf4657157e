import type { BlobHash } from '../store/blob-store.ts';
import type { VersionRecord } from '../store/function-record.ts';

/** Every blob that a version needs. */
export function blobsOf({ code, layers = [] }: VersionRecord): BlobHash[] {
  const packages = [code.package, ...layers.map((layer) => layer.package)];
  if (!('artifact' in code)) return packages;
  return [...packages, code.manifest, code.module, ...(code.image === undefined ? [] : [code.image])];
}
