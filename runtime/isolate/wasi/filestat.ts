import type { Resource } from './descriptor-table.ts';
import { Errno, fail } from './errno.ts';
import type { GuestMemory } from './guest-memory.ts';
import { FileType, type Inode, toFileType } from './inode.ts';

export const FILESTAT_BYTES = 64;

/**
 * Writes a `filestat`:
 *
 *     0 dev u64 | 8 ino u64 | 16 filetype u8 | 24 nlink u64 | 32 size u64 | 40 atim u64 | 48 mtim u64 | 56 ctim u64
 */
export const writeFilestat = (memory: GuestMemory, address: number, of: Resource | Inode): void => {
  const bytes = memory.bytes(address, FILESTAT_BYTES);
  bytes.fill(0);
  if (of.kind === 'input' || of.kind === 'output') {
    memory.setU8(address + 16, FileType.UNKNOWN);
    return;
  }
  memory.setU64(address, of.volume.device);
  memory.setU64(address + 8, BigInt(of.number));
  memory.setU8(address + 16, toFileType(of));
  memory.setU64(address + 24, BigInt(of.links));
  memory.setU64(address + 32, BigInt(of.size));
  memory.setU64(address + 40, of.accessed);
  memory.setU64(address + 48, of.modified);
  memory.setU64(address + 56, of.changed);
};

/** Flags of `*_filestat_set_times`. Source: the witx, `$fstflags`. */
const SetTime = { ATIM: 1, ATIM_NOW: 2, MTIM: 4, MTIM_NOW: 8 } as const;
const ALL_SET_TIME = 15;

export const setTimes = (inode: Inode, accessed: bigint, modified: bigint, flags: number, now: bigint): void => {
  const both = (given: number, present: number) => (flags & given) !== 0 && (flags & present) !== 0;
  if ((flags & ~ALL_SET_TIME) !== 0) fail(Errno.INVAL);
  if (both(SetTime.ATIM, SetTime.ATIM_NOW) || both(SetTime.MTIM, SetTime.MTIM_NOW)) fail(Errno.INVAL);
  inode.volume.assertWritable();
  if (flags & SetTime.ATIM) inode.accessed = BigInt.asUintN(64, accessed);
  if (flags & SetTime.ATIM_NOW) inode.accessed = now;
  if (flags & SetTime.MTIM) inode.modified = BigInt.asUintN(64, modified);
  if (flags & SetTime.MTIM_NOW) inode.modified = now;
  inode.changed = now;
};
