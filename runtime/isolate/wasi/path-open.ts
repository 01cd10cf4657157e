import { createFile } from './change-directory-tree.ts';
import { CREATE_FUEL, ENTRY_FUEL } from './charges.ts';
import type { Descriptor } from './descriptor-table.ts';
import { Errno, fail } from './errno.ts';
import type { File, Inode } from './inode.ts';
import { BLOCK_BYTES } from './limits.ts';
import { parsePath } from './path.ts';
import { type Place, resolvePath } from './resolve-path.ts';
import { DIRECTORY_RIGHTS, FILE_RIGHTS, fromGuestRights, Right, WRITING_RIGHTS } from './rights.ts';
import type { Bodies, World } from './world.ts';

/** Source: the witx, `$oflags`. */
const OpenFlag = { CREAT: 1, DIRECTORY: 2, EXCL: 4, TRUNC: 8 } as const;
const ALL_OPEN_FLAGS = 15;
const ALL_FD_FLAGS = 31;
const SYMLINK_FOLLOW = 1;

/** `path_open`. */
export const createPathOpen = (world: World): Bodies => {
  const rightsNeeded = (flags: number): number =>
    Right.PATH_OPEN |
    (flags & OpenFlag.CREAT ? Right.PATH_CREATE_FILE : 0) |
    (flags & OpenFlag.TRUNC ? Right.PATH_FILESTAT_SET_SIZE : 0);

  const truncate = (file: File) => {
    file.volume.assertWritable();
    world.charge(Math.ceil((ENTRY_FUEL * file.size) / BLOCK_BYTES));
    file.content.resize(0);
    file.touch(world.clock.realtime());
  };

  const existing = (inode: Inode, flags: number, rights: number): Descriptor['resource'] => {
    if (flags & OpenFlag.EXCL && flags & OpenFlag.CREAT) fail(Errno.EXIST);
    if (inode.kind === 'symlink') fail(flags & OpenFlag.DIRECTORY ? Errno.NOTDIR : Errno.LOOP);
    if (inode.kind === 'directory') {
      const changes = (rights & WRITING_RIGHTS) !== 0 && !(flags & OpenFlag.DIRECTORY);
      if (changes || flags & (OpenFlag.CREAT | OpenFlag.TRUNC)) fail(Errno.ISDIR);
      return inode;
    }
    if (flags & OpenFlag.DIRECTORY) fail(Errno.NOTDIR);
    if (rights & WRITING_RIGHTS) inode.volume.assertWritable();
    if (flags & OpenFlag.TRUNC) truncate(inode);
    return inode;
  };

  const openResource = (place: Place, flags: number, rights: number): Descriptor['resource'] => {
    if (place.inode !== undefined) return existing(place.inode, flags, rights);
    if (!(flags & OpenFlag.CREAT)) fail(Errno.NOENT);
    world.charge(CREATE_FUEL);
    return createFile(place, world.clock.realtime());
  };

  return {
    path_open: (
      fd: number,
      lookup: number,
      address: number,
      length: number,
      flags: number,
      rightsWanted: bigint,
      inheritingWanted: bigint,
      fdFlags: number,
      resultAt: number,
    ) => {
      const base = world.descriptors.directory(fd, rightsNeeded(flags));
      world.memory.assertRange(resultAt, 4);
      const path = parsePath(world.memory.bytes(address, length >>> 0));
      if ((flags & ~ALL_OPEN_FLAGS) !== 0 || (fdFlags & ~ALL_FD_FLAGS) !== 0) fail(Errno.INVAL);
      if (flags & OpenFlag.CREAT && flags & OpenFlag.DIRECTORY) fail(Errno.INVAL);
      const rights = fromGuestRights(rightsWanted);
      const inheriting = fromGuestRights(inheritingWanted);
      if (((rights | inheriting) & ~base.inheriting) !== 0) fail(Errno.NOTCAPABLE);
      world.descriptors.assertRoom();
      const follow = lookup & SYMLINK_FOLLOW && !(flags & OpenFlag.CREAT && flags & OpenFlag.EXCL);
      const place = resolvePath(base.resource, path, follow ? 'follow' : 'keep', world.charge);
      const resource = openResource(place, flags, rights);
      const kindRights = resource.kind === 'directory' ? DIRECTORY_RIGHTS : FILE_RIGHTS;
      const opened = world.descriptors.open({
        resource,
        rights: rights & kindRights,
        inheriting: resource.kind === 'directory' ? inheriting : 0,
        flags: fdFlags,
        offset: 0,
      });
      world.memory.setU32(resultAt, opened);
    },
  };
};
