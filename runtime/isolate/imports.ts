import type { ArtifactManifest } from '../contract/artifact.ts';
import { abiImports } from './abi/index.ts';
import { toTypeSentence, withModule } from './function-types.ts';
import { ISOLA_IMPORTS } from './host/isola.ts';

/** Names the first import that nobody serves, or not with this type, in one sentence; undefined when all are served. */
export function unknownImport(manifest: ArtifactManifest): string | undefined {
  const known = new Map([...abiImports(manifest.abi), ...withModule('isola', ISOLA_IMPORTS)]);
  const memories = new Set(manifest.memories.map(({ module, name }) => `${module}.${name}`));
  for (const { module, name, kind, type } of manifest.imports) {
    const path = `${module}.${name}`;
    const offered = known.get(path);
    if (kind === 'memory' && offered === undefined) continue;
    if (kind !== 'function' || offered === undefined || memories.has(path)) {
      return `The module imports the ${kind} "${path}", which Isola does not offer to ${manifest.abi} guests.`;
    }
    if (type !== undefined && type !== offered) {
      return `The module imports "${path}" as ${toTypeSentence(type)}; it is ${toTypeSentence(offered)}.`;
    }
  }
  return undefined;
}
