import { createHash } from 'node:crypto';
import type { ArtifactManifest, Built, LoadedArtifact } from '../contract/artifact.ts';
import { LambdaError } from '../contract/errors.ts';
import type { Observer } from '../contract/observer.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { BuiltRecord, CodeRecord, PackageRecord, VersionSettings } from '../store/function-record.ts';
import { parseWarmUp } from './environment.ts';
import { assertSize } from './layer-use.ts';
import { findModule } from './package.ts';
import { bytesOf, overlay, type PackageFiles } from './package-files.ts';
import type { Packages } from './packages.ts';
import { runsModules, whyNotRunnable } from './runtimes.ts';
import { guestMemoryMb } from './settings.ts';

/** Builds an artifact and its image of a module, off this thread. What the module is to blame for is answered as `refused`. */
export type Builder = (
  module: Uint8Array,
  options: {
    readonly memoryMb: number;
    readonly handler: string;
    readonly files: PackageFiles;
    /** What the function finds under /opt. */
    readonly layers: PackageFiles;
    readonly warmUp?: string;
  },
) => Promise<Built>;

export interface ArtifactsDeps {
  readonly blobs: BlobStore;
  readonly packages: Packages;
  readonly build: Builder;
  /** Which rewriter `build` uses; what another one built is built again. */
  readonly rewriterVersion: string;
  readonly observer: Observer;
}

type BuiltArtifact = Extract<Built, { kind: 'built' }>;

/** What a module imports that can read its package's files. */
const WASI = 'wasi_snapshot_preview1';
const NO_FILES: PackageFiles = new Map();

/**
 * Packages and what is built of them. The package is the truth; artifact and image are caches of it, so a lost or damaged
 * one is built again and the observer hears of it.
 */
export class Artifacts {
  readonly #deps: ArtifactsDeps;

  constructor(deps: ArtifactsDeps) {
    this.#deps = deps;
  }

  /**
   * Throws LambdaError, and stores nothing, when the package cannot be run. Of a runtime that runs no modules the package is
   * looked at and kept, and nothing is built.
   */
  async build(bytes: Uint8Array, settings: VersionSettings): Promise<CodeRecord> {
    return this.#store(bytes, settings, await this.#buildPackage(bytes, settings));
  }

  /** Throws what `build` would, without its effects; answers what the package would be known as. */
  async check(bytes: Uint8Array, settings: VersionSettings): Promise<PackageRecord> {
    await this.#buildPackage(bytes, settings);
    return { package: createHash('sha256').update(bytes).digest('hex'), packageBytes: bytes.length };
  }

  /** Builds the stored package anew, for other settings or another rewriter. */
  async rebuild(code: CodeRecord, settings: VersionSettings): Promise<CodeRecord> {
    return this.build(await this.#deps.packages.read(code.package), settings);
  }

  /** False when there is something to build, or to build again by the current rewriter. */
  isCurrent(code: CodeRecord, { runtime }: Pick<VersionSettings, 'runtime'>): boolean {
    if (!runsModules(runtime)) return true;
    return 'artifact' in code && code.rewriterVersion === this.#deps.rewriterVersion;
  }

  /** Everything a thread needs. `code` differs from what was asked when a cache was damaged and had to be built again. */
  async load(code: CodeRecord, settings: VersionSettings): Promise<{ artifact: LoadedArtifact; code: CodeRecord }> {
    const unrunnable = whyNotRunnable(settings.runtime);
    if (unrunnable !== undefined) throw new LambdaError('InvalidParameterValueException', unrunnable.errorMessage);
    if (!('artifact' in code)) throw new Error(`nothing was built of package ${code.package}`);
    const cached = await this.#read(code, settings);
    if (typeof cached !== 'string') return { artifact: cached, code };
    this.#deps.observer.noticed('warn', `${cached} on disk; building artifact ${code.artifact} again.`);
    const rebuilt = (await this.rebuild(code, settings)) as BuiltRecord;
    const artifact = await this.#read(rebuilt, settings);
    if (typeof artifact === 'string') throw new Error(`artifact ${code.artifact} cannot be read back: ${artifact}`);
    return { artifact, code: rebuilt };
  }

  /** Undefined when there is nothing to build. */
  async #buildPackage(bytes: Uint8Array, settings: VersionSettings): Promise<BuiltArtifact | undefined> {
    const { packages, build } = this.#deps;
    const files = await packages.open(bytes);
    assertSize(bytesOf(files), settings.layers);
    if (!runsModules(settings.runtime)) return undefined;
    const layers = await this.#layerFiles(settings);
    // Of its own: the engine validates no shared memory.
    const module = new Uint8Array(findModule(files, settings.handler, layers));
    const seen = Buffer.from(module).includes(WASI) ? { files, layers } : { files: NO_FILES, layers: NO_FILES };
    const warmUp = parseWarmUp(settings.environment ?? {});
    const built = await build(module, {
      ...{ memoryMb: guestMemoryMb(settings), handler: settings.handler, ...seen },
      ...(warmUp === undefined ? {} : { warmUp }),
    });
    if (built.kind === 'refused') throw new LambdaError('InvalidParameterValueException', built.message);
    return built;
  }

  async #layerFiles({ layers = [] }: VersionSettings): Promise<PackageFiles> {
    return overlay(await Promise.all(layers.map((layer) => this.#deps.packages.files(layer.package))));
  }

  async #store(bytes: Uint8Array, settings: VersionSettings, built: BuiltArtifact | undefined): Promise<CodeRecord> {
    const { blobs, packages, rewriterVersion } = this.#deps;
    const code = { package: await packages.put(bytes), packageBytes: bytes.length };
    // A layer may be deleted meanwhile: kept anew, it outlives a sweep until the function's record is stored.
    for (const layer of settings.layers ?? []) await packages.put(await packages.read(layer.package));
    if (built === undefined) return code;
    return {
      ...code,
      artifact: built.manifest.id,
      rewriterVersion,
      ...(built.draws.length > 0 ? { draws: built.draws } : {}),
      manifest: await blobs.put(Buffer.from(JSON.stringify(built.manifest))),
      module: await blobs.put(built.code),
      ...(built.image ? { image: await blobs.put(built.image) } : {}),
    };
  }

  /** Answers what is wrong, as the beginning of a sentence, when something is. */
  async #read(code: BuiltRecord, settings: VersionSettings): Promise<LoadedArtifact | string> {
    const { blobs } = this.#deps;
    const [description, module, image] = await Promise.all([
      blobs.get(code.manifest),
      blobs.get(code.module),
      code.image === undefined ? undefined : blobs.get(code.image),
    ]);
    if (typeof module === 'string') return `The module is ${module}`;
    if (typeof description === 'string') return `The manifest is ${description}`;
    if (typeof image === 'string') return `The image is ${image}`;
    const manifest = JSON.parse(Buffer.from(description).toString()) as ArtifactManifest;
    const seesFiles = manifest.imports.some(({ module: from }) => from === WASI);
    return {
      manifest,
      code: module,
      ...(image === undefined ? {} : { image }),
      files: seesFiles ? await this.#deps.packages.files(code.package) : NO_FILES,
      layers: seesFiles ? await this.#layerFiles(settings) : NO_FILES,
    };
  }
}

/** Lambda's CodeSha256. */
export function toCodeSha256(code: CodeRecord): string {
  return Buffer.from(code.package, 'hex').toString('base64');
}
