import { ENTRY_FUEL, toByteFuel } from './charges.ts';
import { Errno, fail } from './errno.ts';
import { FdFlag } from './fd-io.ts';
import { FILESTAT_BYTES, setTimes, writeFilestat } from './filestat.ts';
import { FileType, toFileType } from './inode.ts';
import { BLOCK_BYTES, FILE_OFFSET } from './limits.ts';
import { fromGuestRights, Right } from './rights.ts';
import type { Bodies, World } from './world.ts';

const Whence = { SET: 0, CUR: 1, END: 2 } as const;
const LAST_ADVICE = 5;
const FDSTAT_BYTES = 24;

/** `fd_*` but for reading and writing. */
export const createFd = (world: World): Bodies => {
  const { memory } = world;

  const resize = (fd: number, right: number, toSize: (size: number) => bigint) => {
    const { resource } = world.descriptors.file(fd, right);
    const wanted = toSize(resource.size);
    resource.volume.assertWritable();
    const size = wanted > BigInt(FILE_OFFSET) ? fail(Errno.FBIG) : Number(wanted);
    world.charge(Math.ceil((ENTRY_FUEL * Math.max(0, resource.size - size)) / BLOCK_BYTES));
    resource.content.resize(size);
    resource.touch(world.clock.realtime());
  };

  const seek = (fd: number, offset: bigint, whence: number): number => {
    const { resource } = world.descriptors.get(fd, 0);
    if (resource.kind === 'input' || resource.kind === 'output') fail(Errno.SPIPE);
    const telling = offset === 0n && whence === Whence.CUR;
    const descriptor = world.descriptors.file(fd, telling ? Right.FD_TELL : Right.FD_SEEK);
    let from = 0;
    if (whence === Whence.CUR) from = descriptor.offset;
    else if (whence === Whence.END) from = descriptor.resource.size;
    else if (whence !== Whence.SET) fail(Errno.INVAL);
    const target = BigInt(from) + offset;
    if (target < 0n || target > BigInt(FILE_OFFSET)) fail(Errno.INVAL);
    descriptor.offset = Number(target);
    return descriptor.offset;
  };

  return {
    fd_advise: (fd: number, _offset: bigint, _length: bigint, advice: number) => {
      world.descriptors.file(fd, Right.FD_ADVISE);
      if (advice >>> 0 > LAST_ADVICE) fail(Errno.INVAL);
    },
    fd_allocate: (fd: number, offset: bigint, length: bigint) =>
      resize(fd, Right.FD_ALLOCATE, (size) => {
        if (length === 0n) fail(Errno.INVAL);
        const end = BigInt.asUintN(64, offset) + BigInt.asUintN(64, length);
        return end > BigInt(size) ? end : BigInt(size);
      }),
    fd_close: (fd: number) => world.descriptors.close(fd),
    fd_datasync: (fd: number) => {
      world.descriptors.get(fd, Right.FD_DATASYNC);
    },
    fd_sync: (fd: number) => {
      world.descriptors.get(fd, Right.FD_SYNC);
    },

    /** `fdstat`: 0 filetype u8 | 2 flags u16 | 8 rights u64 | 16 inheriting rights u64. */
    fd_fdstat_get: (fd: number, resultAt: number) => {
      const { resource, flags, rights, inheriting } = world.descriptors.get(fd, 0);
      const stream = resource.kind === 'input' || resource.kind === 'output';
      memory.bytes(resultAt, FDSTAT_BYTES).fill(0);
      memory.setU8(resultAt, stream ? FileType.UNKNOWN : toFileType(resource));
      memory.setU16((resultAt >>> 0) + 2, flags);
      memory.setU64((resultAt >>> 0) + 8, BigInt(rights));
      memory.setU64((resultAt >>> 0) + 16, BigInt(inheriting));
    },
    fd_fdstat_set_flags: (fd: number, flags: number) => {
      const descriptor = world.descriptors.get(fd, Right.FD_FDSTAT_SET_FLAGS);
      if ((flags & ~(FdFlag.APPEND | FdFlag.NONBLOCK | descriptor.flags)) !== 0) fail(Errno.INVAL);
      descriptor.flags = flags;
    },
    fd_fdstat_set_rights: (fd: number, rights: bigint, inheriting: bigint) => {
      const descriptor = world.descriptors.get(fd, 0);
      const fewer = fromGuestRights(rights);
      const fewerInheriting = fromGuestRights(inheriting);
      if ((fewer & ~descriptor.rights) !== 0 || (fewerInheriting & ~descriptor.inheriting) !== 0) {
        fail(Errno.NOTCAPABLE);
      }
      descriptor.rights = fewer;
      descriptor.inheriting = fewerInheriting;
    },

    fd_filestat_get: (fd: number, resultAt: number) => {
      const { resource } = world.descriptors.get(fd, Right.FD_FILESTAT_GET);
      memory.assertRange(resultAt, FILESTAT_BYTES);
      writeFilestat(memory, resultAt, resource);
    },
    fd_filestat_set_size: (fd: number, size: bigint) =>
      resize(fd, Right.FD_FILESTAT_SET_SIZE, () => BigInt.asUintN(64, size)),
    fd_filestat_set_times: (fd: number, accessed: bigint, modified: bigint, flags: number) => {
      const { resource } = world.descriptors.get(fd, Right.FD_FILESTAT_SET_TIMES);
      if (resource.kind === 'input' || resource.kind === 'output') fail(Errno.BADF);
      setTimes(resource, accessed, modified, flags, world.clock.realtime());
    },

    /** `prestat`: 0 tag u8 (0: directory) | 4 length of the name u32. libc goes on asking until the answer is BADF. */
    fd_prestat_get: (fd: number, resultAt: number) => {
      const { preopen } = world.descriptors.get(fd, 0);
      if (preopen === undefined) fail(Errno.BADF);
      memory.assertRange(resultAt, 8);
      memory.setU32(resultAt, 0);
      memory.setU32((resultAt >>> 0) + 4, preopen.length);
    },
    fd_prestat_dir_name: (fd: number, address: number, length: number) => {
      const { preopen } = world.descriptors.get(fd, 0);
      if (preopen === undefined) fail(Errno.BADF);
      if (length >>> 0 < preopen.length) fail(Errno.NAMETOOLONG);
      world.charge(toByteFuel(preopen.length));
      memory.bytes(address, preopen.length).set(preopen);
    },

    fd_renumber: (from: number, to: number) => world.descriptors.renumber(from, to),
    fd_seek: (fd: number, offset: bigint, whence: number, resultAt: number) => {
      memory.assertRange(resultAt, 8);
      memory.setU64(resultAt, BigInt(seek(fd, offset, whence)));
    },
    fd_tell: (fd: number, resultAt: number) => {
      memory.assertRange(resultAt, 8);
      memory.setU64(resultAt, BigInt(seek(fd, 0n, Whence.CUR)));
    },
  };
};
