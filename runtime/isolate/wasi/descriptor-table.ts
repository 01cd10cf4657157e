import { Errno, fail } from './errno.ts';
import type { Directory, File } from './inode.ts';
import { DESCRIPTORS } from './limits.ts';

/** What a program reads on its standard input: bytes given beforehand. */
export interface InputStream {
  readonly kind: 'input';
  readonly bytes: Uint8Array;
  position: number;
}

/** Takes bytes, which are a view that lives until it returns; answers how many it took. Fewer than given: its bound is hit. */
export type OutputSink = (bytes: Uint8Array) => number;

export interface OutputStream {
  readonly kind: 'output';
  readonly sink: OutputSink;
}

export type Resource = File | Directory | InputStream | OutputStream;

export interface Descriptor<R extends Resource = Resource> {
  readonly resource: R;
  rights: number;
  inheriting: number;
  /** fdflags: APPEND, DSYNC, NONBLOCK, RSYNC, SYNC. */
  flags: number;
  offset: number;
  /** The name a preopened directory has for the program. */
  readonly preopen?: Uint8Array;
}

/** Open descriptors by number; a new one takes the lowest free number, as POSIX says. */
export class DescriptorTable {
  readonly #slots: (Descriptor | undefined)[] = [];
  /** No number below is free. */
  #lowest = 0;

  /** Fails with MFILE when no more may be open; to be called before an open has any effect. */
  assertRoom(): void {
    if (this.#lowestFree() >= DESCRIPTORS) fail(Errno.MFILE);
  }

  open(descriptor: Descriptor): number {
    this.assertRoom();
    const number = this.#lowestFree();
    this.#slots[number] = descriptor;
    if (isInode(descriptor.resource)) descriptor.resource.opens++;
    return number;
  }

  /** Fails with BADF when the number is not open, with NOTCAPABLE when the descriptor lacks one of the rights. */
  get(number: number, rights: number): Descriptor {
    const descriptor = this.#slots[number >>> 0] ?? fail(Errno.BADF);
    if ((descriptor.rights & rights) !== rights) fail(Errno.NOTCAPABLE);
    return descriptor;
  }

  /** Fails with BADF for a directory or stream. */
  file(number: number, rights: number): Descriptor<File> {
    const descriptor = this.get(number, 0);
    if (!isFile(descriptor)) fail(Errno.BADF);
    if ((descriptor.rights & rights) !== rights) fail(Errno.NOTCAPABLE);
    return descriptor;
  }

  /** Fails with NOTDIR for anything else. */
  directory(number: number, rights: number): Descriptor<Directory> {
    const descriptor = this.get(number, 0);
    if (!isDirectory(descriptor)) fail(Errno.NOTDIR);
    if ((descriptor.rights & rights) !== rights) fail(Errno.NOTCAPABLE);
    return descriptor;
  }

  close(number: number): void {
    const { resource } = this.get(number, 0);
    this.#slots[number >>> 0] = undefined;
    this.#lowest = Math.min(this.#lowest, number >>> 0);
    if (!isInode(resource)) return;
    resource.opens--;
    resource.release();
  }

  /** Moves a descriptor to a number that is open, closing what was there. */
  renumber(from: number, to: number): void {
    const moved = this.get(from, 0);
    this.get(to, 0);
    if (from >>> 0 === to >>> 0) return;
    this.close(to);
    this.#slots[to >>> 0] = moved;
    this.#slots[from >>> 0] = undefined;
    this.#lowest = Math.min(this.#lowest, from >>> 0);
  }

  #lowestFree(): number {
    while (this.#slots[this.#lowest] !== undefined) this.#lowest++;
    return this.#lowest;
  }
}

const isInode = (resource: Resource): resource is File | Directory =>
  resource.kind === 'file' || resource.kind === 'directory';
const isFile = (descriptor: Descriptor): descriptor is Descriptor<File> => descriptor.resource.kind === 'file';
const isDirectory = (descriptor: Descriptor): descriptor is Descriptor<Directory> =>
  descriptor.resource.kind === 'directory';
