import { Directory, File } from './inode.ts';
import { isTooLong } from './path.ts';
import { Volume } from './volume.ts';

/** Files by their paths relative to the mount point; a path that ends with a slash is an empty directory. */
export type MountedFiles = ReadonlyMap<string, Uint8Array>;

/** The directory at a path of plain names, made where it is missing. Undefined when a file is in the way. */
export const makeDirectories = (root: Directory, names: readonly string[], volume: Volume): Directory | undefined => {
  let directory = root;
  for (const name of names) {
    let next = directory.get(name);
    if (next === undefined) {
      next = new Directory(volume, 0n, directory);
      directory.set(name, next);
    }
    if (next.kind !== 'directory') return undefined;
    directory = next;
  }
  return directory;
};

const trees = new WeakMap<MountedFiles, Directory>();

/**
 * The tree of these files, the same for every host of the thread: nobody can change it, and thousands of files would take
 * each isolate milliseconds and megabytes. The device is that of the first who asked.
 */
export const toMountedTree = (files: MountedFiles, device: bigint): Directory => {
  const known = trees.get(files);
  if (known !== undefined) return known;
  const volume = new Volume(device, 'read-only', 0);
  const tree = new Directory(volume, 0n, undefined);
  mountFiles(tree, files, volume);
  trees.set(files, tree);
  return tree;
};

/**
 * Puts files into a directory, their bytes shared, not copied. A path that cannot be one in a tree (with `..`, a
 * name too long, or a file where it needs a directory) is left out: packages are checked when they are uploaded.
 */
const mountFiles = (at: Directory, files: MountedFiles, volume: Volume): void => {
  for (const [path, bytes] of files) {
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    if (names.some((name) => name === '..' || isTooLong(name))) continue;
    const fileName = path.endsWith('/') ? undefined : names.pop();
    const parent = makeDirectories(at, names, volume);
    if (fileName !== undefined && parent !== undefined && parent.get(fileName) === undefined) {
      parent.set(fileName, new File(volume, 0n, bytes));
    }
  }
};
