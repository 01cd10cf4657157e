import type { LoadedArtifact } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { PreparedArtifact } from '../isolate/index.ts';
import { closeImage, type SnapshotMode, shareImage } from '../snapshot/shared-image.ts';

/**
 * An artifact that all threads can be given, and what it cost to get there. Whoever may still restore its image holds it:
 * a descriptor closed too early could name another file by the time a thread maps it.
 */
export class ProcessArtifact {
  readonly prepared: PreparedArtifact;
  readonly compileMs: number;
  /** True when no version runs it any more, so that threads need not remember it. */
  retired = false;
  #holders = 0;

  constructor(prepared: PreparedArtifact, compileMs: number) {
    this.prepared = prepared;
    this.compileMs = compileMs;
  }

  hold(): void {
    this.#holders++;
  }

  release(): void {
    this.#holders--;
    this.#closeWhenIdle();
  }

  retire(): void {
    this.retired = true;
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    if (this.retired && this.#holders === 0 && this.prepared.image) closeImage(this.prepared.image);
  }
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

  /** Lets an artifact go that no version runs any more; its image is closed when its last holder has released it. */
  forget(image: string): void {
    const artifact = this.#ready.get(image);
    this.#ready.delete(image);
    artifact?.retire();
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
      const image = loaded.image && (await shareImage(loaded.image, this.#mode));
      const prepared = { manifest: loaded.manifest, module, image, files: loaded.files };
      const artifact = new ProcessArtifact(prepared, compiled - began);
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
