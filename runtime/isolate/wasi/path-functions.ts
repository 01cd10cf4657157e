import {
  createDirectory,
  createHardLink,
  createSymlink,
  removeDirectory,
  rename,
  unlinkFile,
} from './change-directory-tree.ts';
import { CREATE_FUEL, toByteFuel } from './charges.ts';
import { Errno, fail } from './errno.ts';
import { FILESTAT_BYTES, setTimes, writeFilestat } from './filestat.ts';
import { parsePath } from './path.ts';
import { type LastLink, type Place, resolvePath } from './resolve-path.ts';
import { Right } from './rights.ts';
import type { Bodies, World } from './world.ts';

const SYMLINK_FOLLOW = 1;
const toLastLink = (lookup: number): LastLink => (lookup & SYMLINK_FOLLOW ? 'follow' : 'keep');

/** `path_*` but for `path_open`. */
export const createPathFunctions = (world: World): Bodies => {
  const { memory } = world;
  const now = () => world.clock.realtime();

  const parse = (address: number, length: number) => parsePath(memory.bytes(address, length >>> 0));

  const resolve = (fd: number, right: number, address: number, length: number, last: LastLink = 'keep'): Place => {
    const { resource } = world.descriptors.directory(fd, right);
    return resolvePath(resource, parse(address, length), last, world.charge);
  };

  return {
    path_create_directory: (fd: number, address: number, length: number) => {
      world.charge(CREATE_FUEL);
      createDirectory(resolve(fd, Right.PATH_CREATE_DIRECTORY, address, length), now());
    },
    path_filestat_get: (fd: number, lookup: number, address: number, length: number, resultAt: number) => {
      memory.assertRange(resultAt, FILESTAT_BYTES);
      const place = resolve(fd, Right.PATH_FILESTAT_GET, address, length, toLastLink(lookup));
      writeFilestat(memory, resultAt, place.inode ?? fail(Errno.NOENT));
    },
    path_filestat_set_times: (
      fd: number,
      lookup: number,
      address: number,
      length: number,
      accessed: bigint,
      modified: bigint,
      flags: number,
    ) => {
      const place = resolve(fd, Right.PATH_FILESTAT_SET_TIMES, address, length, toLastLink(lookup));
      setTimes(place.inode ?? fail(Errno.NOENT), accessed, modified, flags, now());
    },
    path_link: (
      oldFd: number,
      lookup: number,
      oldAddress: number,
      oldLength: number,
      newFd: number,
      newAddress: number,
      newLength: number,
    ) => {
      world.charge(CREATE_FUEL);
      const from = resolve(oldFd, Right.PATH_LINK_SOURCE, oldAddress, oldLength, toLastLink(lookup));
      const to = resolve(newFd, Right.PATH_LINK_TARGET, newAddress, newLength);
      createHardLink(from.inode ?? fail(Errno.NOENT), to, now());
    },
    path_readlink: (
      fd: number,
      address: number,
      length: number,
      targetAt: number,
      targetLength: number,
      resultAt: number,
    ) => {
      const { inode } = resolve(fd, Right.PATH_READLINK, address, length);
      if (inode === undefined) fail(Errno.NOENT);
      if (inode.kind !== 'symlink') fail(Errno.INVAL);
      memory.assertRange(resultAt, 4);
      const target = memory.bytes(targetAt, targetLength >>> 0);
      const bytes = Buffer.from(inode.target).subarray(0, target.length);
      world.charge(toByteFuel(bytes.length));
      target.set(bytes);
      memory.setU32(resultAt, bytes.length);
    },
    path_remove_directory: (fd: number, address: number, length: number) =>
      removeDirectory(resolve(fd, Right.PATH_REMOVE_DIRECTORY, address, length), now()),
    path_rename: (
      oldFd: number,
      oldAddress: number,
      oldLength: number,
      newFd: number,
      newAddress: number,
      newLength: number,
    ) => {
      const from = resolve(oldFd, Right.PATH_RENAME_SOURCE, oldAddress, oldLength);
      const to = resolve(newFd, Right.PATH_RENAME_TARGET, newAddress, newLength);
      rename(from, to, now(), world.charge);
    },
    path_symlink: (targetAt: number, targetLength: number, fd: number, address: number, length: number) => {
      world.charge(CREATE_FUEL);
      const target = parse(targetAt, targetLength);
      if (target.startsWith('/')) fail(Errno.PERM);
      createSymlink(resolve(fd, Right.PATH_SYMLINK, address, length), now(), target);
    },
    path_unlink_file: (fd: number, address: number, length: number) =>
      unlinkFile(resolve(fd, Right.PATH_UNLINK_FILE, address, length), now()),
  };
};
