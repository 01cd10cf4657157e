import { ENTRY_FUEL, LISTING_FUEL } from './charges.ts';
import { type Directory, FileType, toFileType } from './inode.ts';
import { NAME_BYTES } from './limits.ts';
import { Right } from './rights.ts';
import type { Bodies, World } from './world.ts';

const DIRENT_BYTES = 24;

interface Listed {
  readonly cookie: number;
  readonly inode: number;
  readonly type: number;
  readonly name: string;
}

/** `.`, `..` and the entries behind a cookie. Entries made or removed meanwhile neither repeat nor hide others. */
function* listBehind(directory: Directory, cookie: bigint): Generator<Listed | undefined> {
  const own = directory.number;
  const above = directory.parent?.number ?? own;
  if (cookie < 1n) yield { cookie: 1, inode: own, type: FileType.DIRECTORY, name: '.' };
  if (cookie < 2n) yield { cookie: 2, inode: above, type: FileType.DIRECTORY, name: '..' };
  if (cookie >= BigInt(directory.lastCookie)) return;
  for (const entry of directory.entries.values()) {
    const passed = cookie >= BigInt(entry.cookie);
    yield passed
      ? undefined
      : { cookie: entry.cookie, inode: entry.inode.number, type: toFileType(entry.inode), name: entry.name };
  }
}

/**
 * `fd_readdir`: fills the buffer, cutting the last entry when it does not fit; a buffer not filled means the end.
 *
 *     dirent: 0 next cookie u64 | 8 ino u64 | 16 length of the name u32 | 20 filetype u8 | 24 the name
 */
export const createFdReaddir = (world: World): Bodies => ({
  fd_readdir: (fd: number, address: number, length: number, cookie: bigint, resultAt: number) => {
    const { resource } = world.descriptors.directory(fd, Right.FD_READDIR);
    const target = world.memory.bytes(address, length >>> 0);
    world.memory.assertRange(resultAt, 4);
    let used = 0;
    for (const listed of listBehind(resource, BigInt.asUintN(64, cookie))) {
      if (used === target.length) break;
      world.charge(listed === undefined ? ENTRY_FUEL : LISTING_FUEL);
      if (listed === undefined) continue;
      const dirent = toDirent(listed);
      const part = dirent.subarray(0, target.length - used);
      target.set(part, used);
      used += part.length;
    }
    world.memory.setU32(resultAt, used);
  },
});

const encoder = new TextEncoder();
const scratch = new Uint8Array(DIRENT_BYTES + NAME_BYTES);
const scratchView = new DataView(scratch.buffer);
const scratchName = scratch.subarray(DIRENT_BYTES);

/** Valid until the next one. */
const toDirent = ({ cookie, inode, type, name }: Listed): Uint8Array => {
  const { written } = encoder.encodeInto(name, scratchName);
  scratchView.setBigUint64(0, BigInt(cookie), true);
  scratchView.setBigUint64(8, BigInt(inode), true);
  scratchView.setUint32(16, written, true);
  scratchView.setUint8(20, type);
  return scratch.subarray(0, DIRENT_BYTES + written);
};
