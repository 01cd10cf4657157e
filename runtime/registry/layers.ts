import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { BlobHash } from '../store/blob-store.ts';
import { Collection } from '../store/collection.ts';
import type { LayerRecord, LayerVersionRecord } from '../store/layer-record.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { assertOwn, type LayerKey, parseLayerKey, toLayerArn } from './layer-name.ts';
import { bytesOf } from './package-files.ts';
import type { Packages } from './packages.ts';

/** What a client says of a new version. */
export interface PublishLayerInput {
  readonly package: Uint8Array;
  readonly description: string;
  readonly runtimes?: readonly string[];
  readonly architectures?: readonly string[];
  readonly license?: string;
}

/** Which versions a list is to hold. */
export interface LayerFilter {
  readonly runtime?: string;
  readonly architecture?: string;
}

/** One version and the layer it belongs to. */
export interface SelectedLayer {
  readonly key: LayerKey;
  readonly record: LayerVersionRecord;
}

export interface LayersDeps {
  readonly resources: ResourceStore;
  readonly packages: Packages;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Told when a version was deleted. */
  readonly deleted: () => void;
}

/** Layers: packages under numbers that are never given twice, for functions to find under /opt. */
export class Layers {
  readonly #deps: LayersDeps;
  readonly #layers: Collection<LayerRecord>;

  constructor(deps: LayersDeps) {
    this.#deps = deps;
    this.#layers = new Collection(deps.resources, 'layer');
  }

  /** Resolves when layers are in memory; `blobs` is to be asked after that. */
  open(): Promise<void> {
    return this.#layers.open();
  }

  /** Every blob that a version needs; undefined while that is not known. */
  blobs(): readonly BlobHash[] | undefined {
    if (!this.#layers.isOpen) return undefined;
    return this.#layers.all().flatMap(({ versions }) => versions.map((each) => each.package));
  }

  /** Throws LambdaError, and stores nothing, when it is no package. */
  async publish(scope: Scope, reference: string, input: PublishLayerInput): Promise<SelectedLayer> {
    const { packages, clock } = this.#deps;
    const key = parseLayerKey(scope, reference);
    assertOwn(scope, key, 'lambda:PublishLayerVersion', toLayerArn(key));
    const { package: bytes, ...said } = input;
    const unzippedBytes = bytesOf(await packages.open(bytes));
    const kept = { package: await packages.put(bytes), packageBytes: bytes.length, unzippedBytes };
    const { lastVersion, versions } = await this.#layers.change(key, key.name, (layer) => {
      const version = (layer?.lastVersion ?? 0) + 1;
      const record = { ...said, ...kept, version, createdAt: clock() };
      return { name: key.name, lastVersion: version, versions: [...(layer?.versions ?? []), record] };
    });
    return { key, record: versions.find(({ version }) => version === lastVersion) as LayerVersionRecord };
  }

  async get(scope: Scope, reference: string, version: number): Promise<SelectedLayer> {
    const key = parseLayerKey(scope, reference);
    assertOwn(scope, key, 'lambda:GetLayerVersion', toLayerArn(key, version));
    assertNumber(version);
    const record = await this.find(key, version);
    if (record !== undefined) return { key, record };
    throw new LambdaError('ResourceNotFoundException', 'The resource you requested does not exist.');
  }

  async find(key: LayerKey, version: number): Promise<LayerVersionRecord | undefined> {
    await this.open();
    return this.#layers.get(key, key.name)?.versions.find((each) => each.version === version);
  }

  /** One that is not there is no error, as on AWS. Functions that use it keep it. */
  async delete(scope: Scope, reference: string, version: number): Promise<void> {
    const key = parseLayerKey(scope, reference);
    assertOwn(scope, key, 'lambda:DeleteLayerVersion', toLayerArn(key, version));
    assertNumber(version);
    if ((await this.find(key, version)) === undefined) return;
    await this.#layers.change(
      key,
      key.name,
      (layer) => layer && { ...layer, versions: layer.versions.filter((each) => each.version !== version) },
    );
    this.#deps.deleted();
  }

  /** Layers by name, each with its newest version that the filter lets through; those without one are left out. */
  async list(scope: Scope, filter: LayerFilter): Promise<readonly SelectedLayer[]> {
    await this.open();
    return this.#layers.list(scope).flatMap(({ name, versions }) => {
      const record = versions.findLast((each) => matches(each, filter));
      return record === undefined ? [] : [{ key: { ...scope, name }, record }];
    });
  }

  /** A layer's versions, newest first. */
  async listVersions(scope: Scope, reference: string, filter: LayerFilter): Promise<readonly SelectedLayer[]> {
    const key = parseLayerKey(scope, reference);
    assertOwn(scope, key, 'lambda:ListLayerVersions', toLayerArn(key));
    await this.open();
    const { versions = [] } = this.#layers.get(key, key.name) ?? {};
    return versions
      .filter((each) => matches(each, filter))
      .map((record) => ({ key, record }))
      .toReversed();
  }

  /** What the packages of all versions weigh together. */
  async packageBytes(scope: Scope): Promise<number> {
    await this.open();
    const versions = this.#layers.list(scope).flatMap((layer) => layer.versions);
    return versions.reduce((sum, { packageBytes }) => sum + packageBytes, 0);
  }

  /** Replaces one version by what `change` makes of it; undefined, and no change, when there is none. */
  async change(
    key: LayerKey,
    version: number,
    change: (record: LayerVersionRecord) => LayerVersionRecord,
  ): Promise<LayerVersionRecord | undefined> {
    if ((await this.find(key, version)) === undefined) return undefined;
    const layer = await this.#layers.change(
      key,
      key.name,
      (current) =>
        current && {
          ...current,
          versions: current.versions.map((each) => (each.version === version ? change(each) : each)),
        },
    );
    return layer?.versions.find((each) => each.version === version);
  }

  /** A version's package, as it was uploaded. */
  readPackage({ record }: SelectedLayer): Promise<Uint8Array> {
    return this.#deps.packages.read(record.package);
  }
}

function assertNumber(version: number): void {
  if (version >= 1) return;
  throw new LambdaError('InvalidParameterValueException', 'Layer Version Cannot be less than 1');
}

function matches({ runtimes = [], architectures = [] }: LayerVersionRecord, filter: LayerFilter): boolean {
  if (filter.runtime !== undefined && !runtimes.includes(filter.runtime)) return false;
  return filter.architecture === undefined || architectures.includes(filter.architecture);
}
