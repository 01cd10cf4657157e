import type { Built } from '../contract/artifact.ts';
import { buildArtifact } from '../isolate/build.ts';
import { loadLibcBy } from '../snapshot/libc.ts';
import type { BuildTask } from './protocol.ts';

// What a builder may be ended in, native code, it does without.
loadLibcBy(() => undefined);

/** Builds one artifact, in a thread of Piscina's. */
export function build({ module, options }: BuildTask): Built {
  return buildArtifact(module, options);
}
