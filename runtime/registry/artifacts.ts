import type { ArtifactManifest, Built, LoadedArtifact } from '../contract/artifact.ts';
import { LambdaError } from '../contract/errors.ts';
import type { Observer } from '../contract/observer.ts';
import type { BlobHash, BlobStore } from '../store/blob-store.ts';
import type { BuiltRecord, CodeRecord, VersionSettings } from '../store/function-record.ts';
import { parseWarmUp } from './environment.ts';
import { findModule, openPackage, type PackageFiles } from './package.ts';
import { runsModules, whyNotRunnable } from './runtimes.ts';
import { guestMemoryMb } from './settings.ts';

/** Builds an artifact and its image of a module, off this thread. What the module is to blame for is answered as `refused`. */
export type Builder = (
  module: Uint8Array,
  options: {
    readonly memoryMb: number;
    readonly handler: string;
    readonly files: PackageFiles;
    readonly warmUp?: string;
  },
) => Promise<Built>;

export interface ArtifactsDeps {
  readonly blobs: BlobStore;
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
  #opening: Promise<unknown> = Promise.resolve();

  constructor(deps: ArtifactsDeps) {
    this.#deps = deps;
  }

  /**
   * Throws LambdaError, and stores nothing, when the package cannot be run. Of a runtime that runs no modules the package is
   * looked at and kept, and nothing is built.
   */
  async build(bytes: Uint8Array, settings: VersionSettings): Promise<CodeRecord> {
    return this.#store(bytes, await this.#buildPackage(bytes, settings));
  }

  /** What `build` would throw, without its effects. */
  async check(bytes: Uint8Array, settings: VersionSettings): Promise<void> {
    await this.#buildPackage(bytes, settings);
  }

  /** Builds the stored package anew, for other settings or another rewriter. */
  async rebuild(code: CodeRecord, settings: VersionSettings): Promise<CodeRecord> {
    return this.build(await this.readPackage(code), settings);
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
    const cached = await this.#read(code);
    if (typeof cached !== 'string') return { artifact: cached, code };
    this.#deps.observer.noticed('warn', `${cached} on disk; building artifact ${code.artifact} again.`);
    const rebuilt = (await this.rebuild(code, settings)) as BuiltRecord;
    const artifact = await this.#read(rebuilt);
    if (typeof artifact === 'string') throw new Error(`artifact ${code.artifact} cannot be read back: ${artifact}`);
    return { artifact, code: rebuilt };
  }

  /** Undefined when there is nothing to build. */
  async #buildPackage(bytes: Uint8Array, settings: VersionSettings): Promise<BuiltArtifact | undefined> {
    const { module, files } = await this.#open(bytes, settings);
    if (module === undefined) return undefined;
    const warmUp = parseWarmUp(settings.environment ?? {});
    const built = await this.#deps.build(module, {
      ...{ memoryMb: guestMemoryMb(settings), handler: settings.handler, files },
      ...(warmUp === undefined ? {} : { warmUp }),
    });
    if (built.kind === 'refused') throw new LambdaError('InvalidParameterValueException', built.message);
    return built;
  }

  /** One package at a time: each may unpack to a quarter of a gigabyte. */
  #open(bytes: Uint8Array, settings: VersionSettings): Promise<{ module?: Uint8Array; files: PackageFiles }> {
    const opened = this.#opening.then(async () => {
      const files = await openPackage(bytes);
      if (!runsModules(settings.runtime)) return { files: NO_FILES };
      const module = findModule(files, settings.handler);
      return { module, files: Buffer.from(module).includes(WASI) ? files : NO_FILES };
    });
    this.#opening = opened.catch(() => {});
    return opened;
  }

  async #store(bytes: Uint8Array, built: BuiltArtifact | undefined): Promise<CodeRecord> {
    const { blobs, rewriterVersion } = this.#deps;
    const code = { package: await blobs.put(bytes), packageBytes: bytes.length };
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
  async #read(code: BuiltRecord): Promise<LoadedArtifact | string> {
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
    const files = manifest.imports.some(({ module: from }) => from === WASI) ? await this.#files(code) : NO_FILES;
    return {
      manifest,
      code: module,
      ...(image === undefined ? {} : { image }),
      files,
    };
  }

  async #files(code: CodeRecord): Promise<PackageFiles> {
    return openPackage(await this.readPackage(code));
  }

  /** The package as it was uploaded; throws a ServiceException when the disk has lost it. */
  async readPackage(code: CodeRecord): Promise<Uint8Array> {
    const bytes = await this.#deps.blobs.get(code.package);
    if (typeof bytes !== 'string') return bytes;
    this.#deps.observer.noticed('error', `Package ${code.package} is ${bytes} on disk: deploy its function again.`);
    throw new LambdaError('ServiceException', `The function's package is ${bytes} in the store: deploy it again.`);
  }
}

/** Lambda's CodeSha256. */
export function toCodeSha256(code: CodeRecord): string {
  return Buffer.from(code.package, 'hex').toString('base64');
}

export function blobsOf(code: CodeRecord): BlobHash[] {
  if (!('artifact' in code)) return [code.package];
  return [code.package, code.manifest, code.module, ...(code.image === undefined ? [] : [code.image])];
}
