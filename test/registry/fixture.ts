import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Observer, silentObserver } from '../../runtime/contract/observer.ts';
import type { Scope } from '../../runtime/contract/scope.ts';
import type { Builder } from '../../runtime/registry/artifacts.ts';
import type { CreateFunctionInput } from '../../runtime/registry/function-changes.ts';
import { FunctionRegistry } from '../../runtime/registry/function-registry.ts';
import type { BlobStore } from '../../runtime/store/blob-store.ts';
import { FileBlobStore } from '../../runtime/store/blobs/file-blob-store.ts';
import { SqliteRegistryStore } from '../../runtime/store/sqlite/sqlite-registry-store.ts';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { TEST_CIPHER } from '../support/cipher.ts';
import { resourceJudge } from '../support/resource-judge.ts';

export const SCOPE: Scope = { region: 'us-east-1', accountId: '000000000000' };
export const ROLE = 'arn:aws:iam::000000000000:role/r';

/** A module that is nothing but its header and a mark. */
export function moduleOf(mark: string): Uint8Array {
  return Buffer.concat([Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), Buffer.from(mark)]);
}

/** What a module marked `random` reads while it is initialised. */
const DRAWS = [
  { what: 'random', name: 'isola.random' },
  { what: 'clock', name: 'isola.clock' },
] as const;

/** Stands in for the pool: "rewrites" by prefixing, and refuses a module marked `refuse`. */
export function createBuilder(
  rewriterVersion: string = '1',
): Builder & { calls: number; files: readonly string[]; layers: readonly string[] } {
  const build = async (module: Uint8Array, options: Parameters<Builder>[1]) => {
    builder.calls++;
    builder.files = [...options.files.keys()];
    builder.layers = [...options.layers.keys()];
    if (Buffer.from(module).includes('refuse')) return { kind: 'refused', message: 'The module is refused.' } as const;
    const wasi = Buffer.from(module).includes('wasi_snapshot_preview1');
    const code = Buffer.concat([Buffer.from(`v${rewriterVersion}:`), module]);
    const manifest = {
      id: createHash('sha256').update(module).update(rewriterVersion).digest('hex'),
      abi: wasi ? 'wasi-command' : 'buffer',
      inputBytes: module.length,
      artifactBytes: code.length,
      imports: wasi ? [{ module: 'wasi_snapshot_preview1', name: 'fd_read', kind: 'function' as const }] : [],
      exports: [],
      memories: [{ module: 'm', name: 'm', minPages: 1, maxPages: options.memoryMb * 16 }],
      globals: [],
      fuelExport: 'f',
      refuelExport: 'r',
      growFailedExport: 'g',
      resettable: true,
      restorable: true,
      tableExports: [],
      functionExports: [],
    } as const;
    return {
      kind: 'built',
      manifest,
      code,
      image: new Uint8Array(100).fill(7, 9, 10),
      draws: Buffer.from(module).includes('random') ? DRAWS : [],
    } as const;
  };
  const builder = Object.assign(build, { calls: 0, files: [] as readonly string[], layers: [] as readonly string[] });
  return builder;
}

export interface Workbench {
  readonly directory: string;
  readonly registry: FunctionRegistry;
  readonly noticed: string[];
  /** What the registry draws next for aliases that share calls; 0.5 when empty. */
  readonly draws: number[];
  /** Opens what the disk holds anew, as after a crash. */
  readonly reopen: (options?: { build?: Builder; rewriterVersion?: string }) => Promise<FunctionRegistry>;
  readonly dispose: () => void;
}

export async function createWorkbench(build: Builder = createBuilder()): Promise<Workbench> {
  const directory = mkdtempSync(join(tmpdir(), 'isola-registry-'));
  const noticed: string[] = [];
  const draws: number[] = [];
  const closers: (() => void)[] = [];
  const open = async (options: { build?: Builder; rewriterVersion?: string } = {}) => {
    const opened = openRegistry(directory, { build, draws, ...options }, (message) => noticed.push(message));
    closers.push(opened.close);
    await opened.registry.open();
    return opened.registry;
  };
  const registry = await open();
  const dispose = () => {
    for (const close of closers) close();
    rmSync(directory, { recursive: true });
  };
  return { directory, registry, noticed, draws, reopen: open, dispose };
}

export function openRegistry(
  directory: string,
  options: { build: Builder; rewriterVersion?: string; draws?: number[]; blobs?: BlobStore },
  notice: (message: string) => void = () => {},
): { registry: FunctionRegistry; close: () => void } {
  const storage = openStorage(join(directory, 'isola.db'));
  const observer: Observer = { ...silentObserver, noticed: (_level, message) => notice(message) };
  let now = 1_586_545_592_563;
  const registry = new FunctionRegistry({
    draw: () => options.draws?.shift() ?? 0.5,
    store: new SqliteRegistryStore(storage, TEST_CIPHER),
    resources: new SqliteResourceStore(storage),
    blobs: options.blobs ?? new FileBlobStore(join(directory, 'blobs')),
    build: options.build,
    rewriterVersion: options.rewriterVersion ?? '1',
    clock: () => now++,
    observer,
    provisioner: { provision: async () => undefined, provisioned: () => 0, mostProvisioned: 10 },
    limiter: { accountLimit: 1_000, reserve: () => undefined },
    judge: resourceJudge,
    functionUrl: (urlId, region) => `http://${urlId}.lambda-url.${region}.localhost:8420/`,
  });
  return { registry, close: () => void storage.close() };
}

export function createInput(more: Partial<CreateFunctionInput['settings']> = {}, mark = 'one'): CreateFunctionInput {
  return {
    package: moduleOf(mark),
    architecture: 'x86_64',
    settings: { role: ROLE, runtime: 'provided.wasm', handler: 'index.handler', ...more },
    tags: {},
  };
}
