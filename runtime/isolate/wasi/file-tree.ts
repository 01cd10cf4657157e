import { type Descriptor, DescriptorTable, type Resource } from './descriptor-table.ts';
import { Directory } from './inode.ts';
import { type MountedFiles, makeDirectories, toMountedTree } from './mounts.ts';
import { ALL_RIGHTS, DIRECTORY_RIGHTS, INPUT_RIGHTS, OUTPUT_RIGHTS } from './rights.ts';
import { Volume } from './volume.ts';
import type { WasiCall } from './world.ts';

const ROOT_DEVICE = 1n;
const TMP_DEVICE = 2n;
/** Mounts have this one and those that follow. */
const MOUNT_DEVICE = 3n;
const WORKING_DIRECTORY = '/var/task';

/**
 * The tree that a guest sees, and its first descriptors:
 *
 *     /                     read-only     fd 3  "/"
 *     |-- var/task/ ...     read-only     then  "/var/task", and the other mounts in their order
 *     |-- opt/ ...          read-only
 *     `-- tmp/              quota         then  "/tmp"
 *                                         last  ".", which is /var/task
 *
 * What is mounted is built once in a thread, the rest of the read-only part once in a host; `/tmp` is another one for every invocation. libc takes the preopen with the longest
 * matching name and among equals the last, with `/` and `.` both the empty name to it: so `/tmp/x`, `/var/task/y` and
 * `data.txt` are all found, and a path outside the mounts is looked for in /var/task.
 */
export class FileTree {
  readonly #root: Directory;
  readonly #preopens: { readonly name: Uint8Array; readonly directory: Directory }[] = [];
  readonly #workingDirectory: Directory;
  readonly #tmpBytes: number;

  constructor(mounts: ReadonlyMap<string, MountedFiles>, tmpBytes: number) {
    const volume = new Volume(ROOT_DEVICE, 'read-only', 0);
    this.#tmpBytes = tmpBytes;
    this.#root = new Directory(volume, 0n, undefined);
    this.#preopen('/', this.#root);
    let device = MOUNT_DEVICE;
    for (const [point, files] of mounts) {
      const names = toNames(point);
      const name = names.pop();
      const parent = makeDirectories(this.#root, names, volume);
      if (name === undefined || parent?.volume !== volume || parent.get(name) !== undefined) {
        throw new Error(`The mount point ${point} lies in another mount.`);
      }
      const tree = toMountedTree(files, device++);
      parent.set(name, tree);
      this.#preopen(point, tree);
    }
    this.#workingDirectory =
      this.#preopens.find(({ name }) => isName(name, WORKING_DIRECTORY))?.directory ?? this.#root;
  }

  /** An empty /tmp, and descriptors for the streams and preopened directories. */
  open(call: WasiCall, now: bigint): DescriptorTable {
    const tmp = new Directory(new Volume(TMP_DEVICE, 'read-write', this.#tmpBytes), now, this.#root);
    this.#root.replace('tmp', tmp);
    const table = new DescriptorTable();
    table.open(toDescriptor({ kind: 'input', bytes: call.stdin, position: 0 }, INPUT_RIGHTS));
    table.open(toDescriptor({ kind: 'output', sink: call.stdout }, OUTPUT_RIGHTS));
    table.open(toDescriptor({ kind: 'output', sink: call.stderr }, OUTPUT_RIGHTS));
    for (const { name, directory } of this.#preopens) table.open(toPreopen(name, directory));
    table.open(toPreopen(TMP_NAME, tmp));
    table.open(toPreopen(WORKING_NAME, this.#workingDirectory));
    return table;
  }

  #preopen(name: string, directory: Directory): void {
    this.#preopens.push({ name: Buffer.from(name), directory });
  }
}

const TMP_NAME = Buffer.from('/tmp');
const WORKING_NAME = Buffer.from('.');

const toNames = (path: string): string[] => path.split('/').filter((name) => name !== '');
const isName = (bytes: Uint8Array, name: string): boolean => Buffer.from(bytes).toString() === name;

const toDescriptor = (resource: Resource, rights: number): Descriptor => ({
  resource,
  rights,
  inheriting: 0,
  flags: 0,
  offset: 0,
});

const toPreopen = (preopen: Uint8Array, directory: Directory): Descriptor => ({
  resource: directory,
  rights: DIRECTORY_RIGHTS,
  inheriting: ALL_RIGHTS,
  flags: 0,
  offset: 0,
  preopen,
});
