import { type FileContent, SharedContent, TmpContent } from './file-content.ts';
import { BLOCK_BYTES } from './limits.ts';
import type { Volume } from './volume.ts';

/** File types of preview 1. Source: the witx, `$filetype`. */
export const FileType = { UNKNOWN: 0, DIRECTORY: 3, REGULAR_FILE: 4, SYMBOLIC_LINK: 7 } as const;

/** What files, directories and symbolic links have in common. Times are nanoseconds since 1970; reading leaves them alone. */
export abstract class Node {
  readonly volume: Volume;
  readonly number: number;
  accessed: bigint;
  modified: bigint;
  changed: bigint;
  /** Names it has. */
  links = 1;
  /** Descriptors it has; without names and descriptors its bytes are free again. */
  opens = 0;

  constructor(volume: Volume, now: bigint) {
    this.volume = volume;
    this.number = volume.nextInode();
    this.accessed = now;
    this.modified = now;
    this.changed = now;
  }

  abstract readonly size: number;

  touch(now: bigint): void {
    this.modified = now;
    this.changed = now;
  }

  /** Gives the bytes back to the volume when nothing refers to them any more. */
  release(): void {}
}

export class File extends Node {
  readonly kind = 'file';
  readonly content: FileContent;

  constructor(volume: Volume, now: bigint, shared?: Uint8Array) {
    super(volume, now);
    this.content = shared === undefined ? new TmpContent(volume) : new SharedContent(shared);
  }

  get size(): number {
    return this.content.size;
  }

  override release(): void {
    if (this.links === 0 && this.opens === 0) this.content.resize(0);
  }
}

export class Symlink extends Node {
  readonly kind = 'symlink';
  readonly target: string;

  constructor(volume: Volume, now: bigint, target: string) {
    super(volume, now);
    volume.resize(0, BLOCK_BYTES);
    this.target = target;
  }

  get size(): number {
    return Buffer.byteLength(this.target);
  }

  override release(): void {
    if (this.links === 0) this.volume.resize(BLOCK_BYTES, 0);
  }
}

export interface Entry {
  readonly name: string;
  readonly inode: Inode;
  /** Rises with every entry made in the directory; readdir goes on behind it. 1 and 2 are `.` and `..`. */
  readonly cookie: number;
}

export class Directory extends Node {
  readonly kind = 'directory';
  /** In the order of their cookies. */
  readonly entries: Map<string, Entry> = new Map();
  /** Undefined at the root. */
  parent: Directory | undefined;
  #lastCookie = 2;

  constructor(volume: Volume, now: bigint, parent: Directory | undefined) {
    super(volume, now);
    this.parent = parent;
  }

  get size(): number {
    return 0;
  }

  get lastCookie(): number {
    return this.#lastCookie;
  }

  get(name: string): Inode | undefined {
    return this.entries.get(name)?.inode;
  }

  /** Adds a name or gives it to another inode; quotas and link counts are the caller's business. */
  set(name: string, inode: Inode): void {
    this.entries.delete(name);
    this.entries.set(name, { name, inode, cookie: ++this.#lastCookie });
    if (inode.kind === 'directory') inode.parent = this;
  }

  /** Lets a name stand for another inode where it stood, under the same cookie. */
  replace(name: string, inode: Inode): void {
    const entry = this.entries.get(name);
    if (entry === undefined) this.set(name, inode);
    else this.entries.set(name, { ...entry, inode });
  }
}

export type Inode = File | Directory | Symlink;

export const toFileType = (inode: Inode): number => {
  if (inode.kind === 'directory') return FileType.DIRECTORY;
  return inode.kind === 'file' ? FileType.REGULAR_FILE : FileType.SYMBOLIC_LINK;
};
