import { LambdaError } from '../contract/errors.ts';
import type { Observer } from '../contract/observer.ts';
import type { BlobHash, BlobStore } from '../store/blob-store.ts';
import { openPackage } from './package.ts';
import type { PackageFiles } from './package-files.ts';

export interface PackagesDeps {
  readonly blobs: BlobStore;
  readonly observer: Observer;
}

/** Packages of functions and layers: opened one at a time, as each may unpack to a quarter of a gigabyte, and kept as they came. */
export class Packages {
  readonly #deps: PackagesDeps;
  readonly #shared = new Map<BlobHash, WeakRef<PackageFiles>>();
  readonly #dropped = new FinalizationRegistry<BlobHash>((hash) => {
    if (this.#shared.get(hash)?.deref() === undefined) this.#shared.delete(hash);
  });
  #opening: Promise<unknown> = Promise.resolve();

  constructor(deps: PackagesDeps) {
    this.#deps = deps;
  }

  /** The files of what a client sent; throws LambdaError when it is no package. */
  open(bytes: Uint8Array): Promise<PackageFiles> {
    return this.#inTurn(() => openPackage(bytes));
  }

  /** Keeps a package; one that was kept before is as good as new to the sweep of unused blobs. */
  put(bytes: Uint8Array): Promise<BlobHash> {
    return this.#deps.blobs.put(bytes);
  }

  /** The package as it was uploaded; throws a ServiceException when the disk has lost it. */
  async read(hash: BlobHash): Promise<Uint8Array> {
    const bytes = await this.#deps.blobs.get(hash);
    if (typeof bytes !== 'string') return bytes;
    this.#deps.observer.noticed('error', `Package ${hash} is ${bytes} on disk: deploy its function again.`);
    throw new LambdaError('ServiceException', `The function's package is ${bytes} in the store: deploy it again.`);
  }

  /** The files of a kept package, in memory that is shared with threads and with whoever else holds these files. */
  async files(hash: BlobHash): Promise<PackageFiles> {
    const known = this.#shared.get(hash)?.deref();
    if (known !== undefined) return known;
    const bytes = await this.read(hash);
    return this.#inTurn(async () => {
      const files = this.#shared.get(hash)?.deref() ?? (await openPackage(bytes, 'shared'));
      this.#shared.set(hash, new WeakRef(files));
      this.#dropped.register(files, hash);
      return files;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#opening.then(work);
    this.#opening = done.catch(() => undefined);
    return done;
  }
}
