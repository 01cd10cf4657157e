import type { LoadedArtifact } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { PreparedArtifact } from '../isolate/index.ts';
import { closeImage, type SharedImage, type SnapshotMode, shareImage } from '../snapshot/shared-image.ts';
import { enableBranchHinting } from './branch-hinting.ts';

/** What a thread does for an invocation beside running the guest, in milliseconds. */
const HANDLING_MS = 0.01;
/** Of how many invocations the expected time is the mean, about. */
const REMEMBERED = 8;

/**
 * An artifact that all threads can be given, and what it cost to get there. Whoever may still restore its image holds it:
 * a descriptor closed too early could name another file by the time a thread maps it.
 */
export class ProcessArtifact {
  /** A version that it was loaded for. */
  readonly version: FunctionVersion;
  readonly prepared: PreparedArtifact;
  readonly compileMs: number;
  /** What it takes of the machine's memory, in bytes, as far as is known. */
  readonly bytes: number;
  #pins = 0;
  #meanMs = Number.POSITIVE_INFINITY;
  /** True when no version runs it any more, or it had to make room: threads need not remember it. */
  retired = false;
  #holders = 0;

  constructor(version: FunctionVersion, prepared: PreparedArtifact, bytes: number, compileMs: number) {
    this.version = version;
    this.prepared = prepared;
    this.bytes = bytes;
    this.compileMs = compileMs;
  }

  /** How long one more of its invocations will take a thread, in milliseconds; Infinity when none has ended yet. */
  get expectedMs(): number {
    return this.#meanMs + HANDLING_MS;
  }

  /** An invocation held its thread for so long. */
  learn(ms: number): void {
    this.#meanMs = Number.isFinite(this.#meanMs) ? this.#meanMs + (ms - this.#meanMs) / REMEMBERED : ms;
  }

  /** True while an invocation is on its way with it, or isolates of it are provisioned: it makes room for nobody. */
  get isPinned(): boolean {
    return this.#pins > 0;
  }

  pin(): void {
    this.#pins++;
  }

  unpin(): void {
    this.#pins--;
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

/** Images in descriptors, and modules whose code V8 keeps in address space of its own: both have an end, whatever they weigh. */
const MOST_ARTIFACTS = 2_048;
/** Machine code and its tables beside the bytecode that V8 keeps too. */
const CODE_FACTOR = 5;

/**
 * Compiles each artifact once and opens its image once, for as long as it is used. Keyed by the version's image name, least
 * recently used first: those go when all together weigh more than `mostBytes`, but never one that an invocation uses.
 */
export class ProcessArtifacts {
  readonly #load: (version: FunctionVersion) => Promise<LoadedArtifact>;
  readonly #mode: SnapshotMode;
  readonly #observer: Observer;
  readonly #mostBytes: number;
  readonly #evicted: (image: string) => void;
  #bytes = 0;
  #newest: ProcessArtifact | undefined;
  readonly #ready = new Map<string, ProcessArtifact>();
  readonly #pending = new Map<string, Promise<ProcessArtifact>>();
  /** Of the pending ones, those that were forgotten meanwhile. */
  readonly #unwanted = new Set<string>();

  constructor(options: {
    load: (version: FunctionVersion) => Promise<LoadedArtifact>;
    mode: SnapshotMode;
    observer: Observer;
    mostBytes: number;
    /** Told of one that must make room, or was forgotten before it was there: whoever knows it forgets it. */
    evicted: (image: string) => void;
  }) {
    this.#load = options.load;
    this.#mode = options.mode;
    this.#observer = options.observer;
    this.#mostBytes = options.mostBytes;
    this.#evicted = options.evicted;
  }

  /** At once when it is there: the hot path awaits nothing. */
  ready(version: FunctionVersion): ProcessArtifact | undefined {
    const artifact = this.#ready.get(version.image);
    if (artifact && this.#newest !== artifact) {
      this.#ready.delete(version.image);
      this.#ready.set(version.image, artifact);
      this.#newest = artifact;
    }
    return artifact;
  }

  async prepare(version: FunctionVersion): Promise<ProcessArtifact> {
    const ready = this.ready(version);
    if (ready) return ready;
    const pending = this.#pending.get(version.image) ?? this.#prepare(version);
    this.#pending.set(version.image, pending);
    return pending;
  }

  /** Versions whose artifacts are there, the last used first. */
  recentlyUsed(limit: number): readonly FunctionVersion[] {
    return [...this.#ready.values()]
      .slice(-limit)
      .reverse()
      .map(({ version }) => version);
  }

  /** Lets an artifact go that no version runs any more; its image is closed when its last holder has released it. */
  forget(image: string): void {
    if (this.#pending.has(image)) this.#unwanted.add(image);
    const artifact = this.#ready.get(image);
    if (!artifact) return;
    this.#ready.delete(image);
    this.#bytes -= artifact.bytes;
    artifact.retire();
  }

  close(): void {
    for (const image of [...this.#ready.keys()]) this.forget(image);
  }

  async #prepare(version: FunctionVersion): Promise<ProcessArtifact> {
    try {
      const loaded = await this.#load(version);
      enableBranchHinting();
      const began = performance.now();
      const module = await WebAssembly.compile(loaded.code as Uint8Array<ArrayBuffer>);
      const compiled = performance.now();
      const image = loaded.image && (await shareImage(loaded.image, this.#mode));
      const prepared = { manifest: loaded.manifest, module, image, files: loaded.files, layers: loaded.layers };
      const artifact = new ProcessArtifact(version, prepared, weigh(loaded, image), compiled - began);
      this.#ready.set(version.image, artifact);
      this.#bytes += artifact.bytes;
      this.#makeRoom(artifact);
      if (this.#unwanted.has(version.image)) setImmediate(() => this.#evicted(version.image));
      this.#observer.artifactLoaded(version.artifact, {
        compileMs: artifact.compileMs,
        imageMs: performance.now() - compiled,
      });
      return artifact;
    } finally {
      this.#pending.delete(version.image);
      this.#unwanted.delete(version.image);
    }
  }

  #makeRoom(newest: ProcessArtifact): void {
    for (const [image, artifact] of this.#ready) {
      if (this.#bytes <= this.#mostBytes && this.#ready.size <= MOST_ARTIFACTS) return;
      if (artifact !== newest && !artifact.isPinned) this.#evicted(image);
    }
  }
}

function weigh({ code, files, layers }: LoadedArtifact, image: SharedImage | undefined): number {
  let bytes = code.byteLength * CODE_FACTOR + (image?.heldBytes ?? 0);
  for (const file of [...files.values(), ...layers.values()]) bytes += file.byteLength;
  return bytes;
}
