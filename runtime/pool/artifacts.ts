import type { LoadedArtifact } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { PreparedArtifact } from '../isolate/index.ts';
import { closeImage, type SnapshotMode, shareImage } from '../snapshot/index.ts';

/** An artifact that all threads can be given, and what it cost to get there. */
export interface ProcessArtifact {
  readonly prepared: PreparedArtifact;
  readonly compileMs: number;
}

/** Compiles each artifact once per process and opens its image once. Keyed by the version's image name. */
export class ProcessArtifacts {
  readonly #load: (version: FunctionVersion) => Promise<LoadedArtifact>;
  readonly #mode: SnapshotMode;
  readonly #observer: Observer;
  readonly #ready = new Map<string, ProcessArtifact>();
  readonly #pending = new Map<string, Promise<ProcessArtifact>>();

  constructor(options: {
    load: (version: FunctionVersion) => Promise<LoadedArtifact>;
    mode: SnapshotMode;
    observer: Observer;
  }) {
    this.#load = options.load;
    this.#mode = options.mode;
    this.#observer = options.observer;
  }

  /** At once when it is there: the hot path awaits nothing. */
  ready(version: FunctionVersion): ProcessArtifact | undefined {
    return this.#ready.get(version.image);
  }

  prepare(version: FunctionVersion): Promise<ProcessArtifact> {
    const pending = this.#pending.get(version.image) ?? this.#prepare(version);
    this.#pending.set(version.image, pending);
    return pending;
  }

  /** Closes an image that no thread will restore any more. */
  forget(image: string): void {
    const artifact = this.#ready.get(image);
    this.#ready.delete(image);
    if (artifact?.prepared.image) closeImage(artifact.prepared.image);
  }

  close(): void {
    for (const image of [...this.#ready.keys()]) this.forget(image);
  }

  async #prepare(version: FunctionVersion): Promise<ProcessArtifact> {
    try {
      const loaded = await this.#load(version);
      const began = performance.now();
      const module = await WebAssembly.compile(loaded.code as Uint8Array<ArrayBuffer>);
      const compiled = performance.now();
      const image = loaded.image && shareImage(loaded.image, this.#mode);
      const artifact: ProcessArtifact = {
        prepared: { manifest: loaded.manifest, module, image, files: loaded.files },
        compileMs: compiled - began,
      };
      this.#ready.set(version.image, artifact);
      this.#observer.artifactLoaded(version.artifact, {
        compileMs: artifact.compileMs,
        imageMs: performance.now() - compiled,
      });
      return artifact;
    } finally {
      this.#pending.delete(version.image);
    }
  }
}
