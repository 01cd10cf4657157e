import { ENTRY_FUEL } from './charges.ts';
import { Errno, fail } from './errno.ts';
import { Directory, File, type Inode, Symlink } from './inode.ts';
import { DIRECTORY_DEPTH } from './limits.ts';
import type { Place } from './resolve-path.ts';

/** A place whose name can be given, taken or changed: in a writable directory that still exists. */
interface Slot {
  readonly parent: Directory;
  readonly name: string;
}

const toSlot = (place: Place, dots: Errno): Slot => {
  if (place.name === undefined) fail(dots);
  place.parent.volume.assertWritable();
  if (place.parent.links === 0) fail(Errno.NOENT);
  return { parent: place.parent, name: place.name };
};

const depthOf = (directory: Directory): number => {
  let depth = 0;
  for (let at: Directory | undefined = directory; at !== undefined; at = at.parent) depth++;
  return depth;
};

/** Gives the inode that `make` makes the free name. Fails with EXIST, or NOSPC when quotas are used up. */
const addNew = <T extends Inode>(place: Place, now: bigint, make: (parent: Directory) => T): T => {
  if (place.inode !== undefined) fail(Errno.EXIST);
  const { parent, name } = toSlot(place, Errno.EXIST);
  parent.volume.addEntry();
  try {
    const inode = make(parent);
    parent.set(name, inode);
    parent.touch(now);
    return inode;
  } catch (failure) {
    parent.volume.dropEntry();
    throw failure;
  }
};

export const createFile = (place: Place, now: bigint): File => {
  if (place.wantsDirectory) fail(Errno.ISDIR);
  return addNew(place, now, (parent) => new File(parent.volume, now));
};

export const createDirectory = (place: Place, now: bigint): Directory =>
  addNew(place, now, (parent) => {
    if (depthOf(parent) >= DIRECTORY_DEPTH) fail(Errno.NAMETOOLONG);
    return new Directory(parent.volume, now, parent);
  });

export const createSymlink = (place: Place, now: bigint, target: string): Symlink => {
  if (place.inode === undefined && place.wantsDirectory) fail(Errno.NOENT);
  return addNew(place, now, (parent) => new Symlink(parent.volume, now, target));
};

export const createHardLink = (inode: Inode, place: Place, now: bigint): void => {
  if (inode.kind === 'directory') fail(Errno.PERM);
  if (place.inode !== undefined) fail(Errno.EXIST);
  if (place.wantsDirectory) fail(Errno.NOENT);
  if (place.parent.volume !== inode.volume) fail(Errno.XDEV);
  addNew(place, now, () => inode);
  inode.links++;
  inode.changed = now;
};

const dropName = ({ parent, name }: Slot, inode: Inode, now: bigint): void => {
  parent.entries.delete(name);
  parent.volume.dropEntry();
  parent.touch(now);
  inode.links--;
  inode.changed = now;
  inode.release();
};

export const removeDirectory = (place: Place, now: bigint): void => {
  const inode = place.inode ?? fail(Errno.NOENT);
  if (inode.kind !== 'directory') fail(Errno.NOTDIR);
  const slot = toSlot(place, Errno.INVAL);
  if (inode.entries.size > 0) fail(Errno.NOTEMPTY);
  dropName(slot, inode, now);
};

export const unlinkFile = (place: Place, now: bigint): void => {
  const inode = place.inode ?? fail(Errno.NOENT);
  if (inode.kind === 'directory') fail(Errno.ISDIR);
  dropName(toSlot(place, Errno.ISDIR), inode, now);
};

/** POSIX rename: atomically replaces what has the new name, if the two are of the same kind. */
export const rename = (from: Place, to: Place, now: bigint, charge: (fuel: number) => void): void => {
  const inode = from.inode ?? fail(Errno.NOENT);
  if (from.parent.volume !== to.parent.volume) fail(Errno.XDEV);
  const source = toSlot(from, Errno.INVAL);
  const target = toSlot(to, Errno.INVAL);
  if (inode === to.inode) return;
  if (inode.kind === 'directory') assertDirectoryFits(inode, to, charge);
  else if (to.inode?.kind === 'directory') fail(Errno.ISDIR);
  else if (to.wantsDirectory) fail(Errno.NOTDIR);
  if (to.inode !== undefined) dropName(target, to.inode, now);
  source.parent.entries.delete(source.name);
  target.parent.set(target.name, inode);
  source.parent.touch(now);
  target.parent.touch(now);
  inode.changed = now;
};

const assertDirectoryFits = (moved: Directory, to: Place, charge: (fuel: number) => void): void => {
  if (to.inode !== undefined && to.inode.kind !== 'directory') fail(Errno.NOTDIR);
  for (let at: Directory | undefined = to.parent; at !== undefined; at = at.parent) if (at === moved) fail(Errno.INVAL);
  if (to.inode?.kind === 'directory' && to.inode.entries.size > 0) fail(Errno.NOTEMPTY);
  if (depthOf(to.parent) + heightOf(moved, charge) > DIRECTORY_DEPTH) fail(Errno.NAMETOOLONG);
};

const heightOf = (directory: Directory, charge: (fuel: number) => void): number => {
  let height = 0;
  for (let level: Directory[] = [directory]; level.length > 0; height++) {
    const below: Directory[] = [];
    for (const { entries } of level) {
      charge(ENTRY_FUEL * (entries.size + 1));
      for (const { inode } of entries.values()) if (inode.kind === 'directory') below.push(inode);
    }
    level = below;
  }
  return height;
};
