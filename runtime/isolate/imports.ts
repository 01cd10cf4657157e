import type { ArtifactManifest } from '../contract/artifact.ts';
import { abiImports } from './abi/index.ts';
import { ISOLA_IMPORTS } from './host/isola.ts';

/** Names the first import that nobody serves, in one sentence; undefined when all are served. */
export function unknownImport(manifest: ArtifactManifest): string | undefined {
  const known = new Set([...abiImports(manifest.abi), ...ISOLA_IMPORTS.map((name) => `isola.${name}`)]);
  const memories = new Set(manifest.memories.map(({ module, name }) => `${module}.${name}`));
  for (const { module, name, kind } of manifest.imports) {
    const path = `${module}.${name}`;
    if (kind === 'memory' && memories.has(path)) continue;
    if (kind !== 'function' || !known.has(path)) {
      return `The module imports the ${kind} "${path}", which Isola does not offer to ${manifest.abi} guests.`;
    }
  }
  return undefined;
}
