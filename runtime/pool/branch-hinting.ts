import { setFlagsFromString } from 'node:v8';

/** The last V8 known to have the flag. Up to 13 it is off there; V8 writes to stderr about flags that it does not know. */
const LAST_V8 = 14;

/**
 * Makes the engine read the branch hints that the rewriter writes, in all threads. To be called before an artifact is
 * compiled, and no sooner: the engine takes no cached code of Node's own for a thread that starts under other flags, which
 * costs each some ten milliseconds. A guest's own hints are not in its artifact.
 */
export function enableBranchHinting(): void {
  if (Number.parseInt(process.versions.v8, 10) <= LAST_V8) setFlagsFromString('--experimental-wasm-branch-hinting');
}
