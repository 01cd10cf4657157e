import { describe, expect, it } from 'vitest';
import type { ArtifactManifest } from '../../runtime/contract/artifact.ts';
import { type PreparedArtifact, toThreadArtifact } from '../../runtime/isolate/index.ts';

describe('an artifact in a thread', () => {
  it('weighs what its shared files weigh, to the engine that counts none of them', () => {
    const files = new Map([['a', new Uint8Array(new SharedArrayBuffer(3))]]);
    const layers = new Map([['b', new Uint8Array(new SharedArrayBuffer(4))]]);
    const module = new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    const prepared: PreparedArtifact = { manifest: {} as ArtifactManifest, module, image: undefined, files, layers };
    expect(toThreadArtifact(prepared).ballast.byteLength).toBe(7);
  });
});
