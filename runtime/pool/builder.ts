import type { Built } from '../contract/artifact.ts';
import { buildArtifact } from '../isolate/build.ts';
import type { BuildTask } from './protocol.ts';

/** Builds one artifact, in a thread of Piscina's. */
export function build({ module, options }: BuildTask): Built {
  return buildArtifact(module, options);
}
