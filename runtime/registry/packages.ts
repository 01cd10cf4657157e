import { LambdaError } from '../contract/errors.ts';
import type { Observer } from '../contract/observer.ts';
import type { BlobHash, BlobStore } from '../store/blob-store.ts';
import { Turns } from '../store/turns.ts';
import { openPackage } from './package.ts';
import type { PackageFiles } from './package-files.ts';

export interface PackagesDeps {
  readonly blobs: BlobStore;
  readonly observer: Observer;
}

/**
 * Packages of functions and layers, kept as they came. Of those that are sent one is opened at a time, as each may unpack to a
 * quarter of a gigabyte, and of those that are kept another one, so that no call waits for deploys.
 */
export class Packages {
  readonly #deps: PackagesDeps;
  readonly #shared = new Map<BlobHash, WeakRef<PackageFiles>>();
  readonly #dropped = new FinalizationRegistry<BlobHash>((hash) => {
    if (this.#shared.get(hash)?.deref() === undefined) this.#shared.delete(hash);
  });
  readonly #turns = new Turns();

  constructor(deps: PackagesDeps) {
    this.#deps = deps;
  }

  /** The files of what a client sent, in memory that is shared with threads; throws LambdaError when it is no package. */
  open(bytes: Uint8Array): Promise<PackageFiles> {
    return this.#turns.take('sent', () => openPackage(bytes, 'shared'));
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
    return this.#turns.take('kept', async () => {
      const files = this.#shared.get(hash)?.deref() ?? (await openPackage(bytes, 'shared'));
      this.#shared.set(hash, new WeakRef(files));
      this.#dropped.register(files, hash);
      return files;
    });
  }
}
