import { ENTRY_FUEL, toByteFuel } from './charges.ts';
import type { Descriptor, OutputStream, Resource } from './descriptor-table.ts';
import { Errno, fail } from './errno.ts';
import type { File } from './inode.ts';
import { parseIoVectors } from './io-vector.ts';
import { CHUNK_BYTES, FILE_OFFSET } from './limits.ts';
import { Right } from './rights.ts';
import type { Bodies, World } from './world.ts';

export const FdFlag = { APPEND: 1, DSYNC: 2, NONBLOCK: 4, RSYNC: 8, SYNC: 16 } as const;

/** `fd_read`, `fd_write`, `fd_pread`, `fd_pwrite`: short when a file, stream or quota ends; an errno when nothing moved. */
export const createFdIo = (world: World): Bodies => {
  /** Moves buffers chunk by chunk, charging each, until one moves short. Answers the bytes moved. */
  const move = (buffers: readonly Uint8Array[], step: (chunk: Uint8Array, moved: number) => number): number => {
    world.charge(ENTRY_FUEL * buffers.length);
    let moved = 0;
    for (const buffer of buffers) {
      for (let at = 0; at < buffer.length; at += CHUNK_BYTES) {
        const chunk = buffer.subarray(at, at + CHUNK_BYTES);
        world.charge(toByteFuel(chunk.length));
        const count = step(chunk, moved);
        moved += count;
        if (count < chunk.length) return moved;
      }
    }
    return moved;
  };

  const readFile = (file: File, buffers: readonly Uint8Array[], offset: number): number =>
    move(buffers, (chunk, moved) => file.content.read(chunk, offset + moved));

  const writeFile = (file: File, buffers: readonly Uint8Array[], offset: number): number => {
    let refusal: unknown;
    const written = move(buffers, (chunk, moved) => {
      try {
        return file.content.write(chunk, offset + moved);
      } catch (failure) {
        refusal = failure;
        return 0;
      }
    });
    if (written === 0 && refusal !== undefined) throw refusal;
    if (written > 0) file.touch(world.clock.realtime());
    return written;
  };

  const writeStream = (stream: OutputStream, buffers: readonly Uint8Array[]): number => {
    let refused = false;
    const written = move(buffers, (chunk) => {
      const accepted = Math.max(0, Math.min(chunk.length, stream.sink(chunk)));
      refused = accepted < chunk.length;
      return accepted;
    });
    if (written === 0 && refused) fail(Errno.NOSPC);
    return written;
  };

  const toOffset = (offset: bigint): number => {
    const unsigned = BigInt.asUintN(64, offset);
    return unsigned > BigInt(FILE_OFFSET) ? fail(Errno.INVAL) : Number(unsigned);
  };

  const seekable = (fd: number, right: number): Descriptor<File> => {
    const { resource } = world.descriptors.get(fd, 0);
    if (isStream(resource)) fail(Errno.SPIPE);
    if (resource.kind === 'directory' && right === Right.FD_READ) fail(Errno.ISDIR);
    return world.descriptors.file(fd, right | Right.FD_SEEK);
  };

  return {
    fd_read: (fd: number, vectorsAt: number, count: number, resultAt: number) => {
      const descriptor = world.descriptors.get(fd, 0);
      const { resource } = descriptor;
      if (resource.kind === 'directory') fail(Errno.ISDIR);
      world.descriptors.get(fd, Right.FD_READ);
      const buffers = parseIoVectors(world.memory, vectorsAt, count);
      world.memory.assertRange(resultAt, 4);
      let read = 0;
      if (resource.kind === 'file') {
        read = readFile(resource, buffers, descriptor.offset);
        descriptor.offset += read;
      } else if (resource.kind === 'input') {
        read = move(buffers, (chunk) => {
          const bytes = resource.bytes.subarray(resource.position, resource.position + chunk.length);
          chunk.set(bytes);
          resource.position += bytes.length;
          return bytes.length;
        });
      }
      world.memory.setU32(resultAt, read);
    },

    fd_write: (fd: number, vectorsAt: number, count: number, resultAt: number) => {
      const descriptor = world.descriptors.get(fd, 0);
      const { resource } = descriptor;
      if (resource.kind === 'directory' || resource.kind === 'input') fail(Errno.BADF);
      world.descriptors.get(fd, Right.FD_WRITE);
      const buffers = parseIoVectors(world.memory, vectorsAt, count);
      world.memory.assertRange(resultAt, 4);
      let written = 0;
      if (resource.kind === 'output') written = writeStream(resource, buffers);
      else if (resource.kind === 'file') {
        if (descriptor.flags & FdFlag.APPEND) descriptor.offset = resource.size;
        written = writeFile(resource, buffers, descriptor.offset);
        descriptor.offset += written;
      }
      world.memory.setU32(resultAt, written);
    },

    fd_pread: (fd: number, vectorsAt: number, count: number, offset: bigint, resultAt: number) => {
      const { resource } = seekable(fd, Right.FD_READ);
      const buffers = parseIoVectors(world.memory, vectorsAt, count);
      world.memory.assertRange(resultAt, 4);
      world.memory.setU32(resultAt, readFile(resource, buffers, toOffset(offset)));
    },

    fd_pwrite: (fd: number, vectorsAt: number, count: number, offset: bigint, resultAt: number) => {
      const { resource } = seekable(fd, Right.FD_WRITE);
      const buffers = parseIoVectors(world.memory, vectorsAt, count);
      world.memory.assertRange(resultAt, 4);
      world.memory.setU32(resultAt, writeFile(resource, buffers, toOffset(offset)));
    },
  };
};

const isStream = ({ kind }: Resource): boolean => kind === 'input' || kind === 'output';
