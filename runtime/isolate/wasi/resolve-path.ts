import { LOOKUP_FUEL, PATH_BYTE_FUEL } from './charges.ts';
import { Errno, fail } from './errno.ts';
import type { Directory, Inode } from './inode.ts';
import { SYMLINK_FOLLOWS } from './limits.ts';
import { asksForDirectory, isTooLong, toNames } from './path.ts';

/** Where a path leads: a name in a directory, whether or not something has that name. */
export interface Place {
  readonly parent: Directory;
  /** Undefined when the path ends at the starting directory or by `..`: it names no entry that could be changed. */
  readonly name: string | undefined;
  readonly inode: Inode | undefined;
  /** The path ends with a slash or dot: only a directory will do. */
  readonly wantsDirectory: boolean;
}

export type LastLink = 'follow' | 'keep';

/**
 * Walks from a directory. Nothing leads above it: `..` there and absolute link targets fail with PERM, so that a descriptor
 * is a capability for what is below it. Links on the way are followed, the last name's only when asked.
 */
export const resolvePath = (
  base: Directory,
  path: string,
  lastLink: LastLink,
  charge: (fuel: number) => void,
): Place => {
  const walked: Directory[] = [base];
  charge(PATH_BYTE_FUEL * path.length);
  const ahead = toNames(path).reverse();
  let wantsDirectory = asksForDirectory(path);
  let follows = 0;
  for (;;) {
    const parent = walked.at(-1) as Directory;
    const name = ahead.pop();
    if (name === undefined) return { parent, name: undefined, inode: parent, wantsDirectory: true };
    charge(LOOKUP_FUEL);
    if (name === '..') {
      if (walked.length === 1) fail(Errno.PERM);
      walked.pop();
      continue;
    }
    if (isTooLong(name)) fail(Errno.NAMETOOLONG);
    const inode = parent.get(name);
    const last = ahead.length === 0;
    if (inode?.kind === 'symlink' && (!last || lastLink === 'follow' || wantsDirectory)) {
      if (++follows > SYMLINK_FOLLOWS) fail(Errno.LOOP);
      charge(PATH_BYTE_FUEL * inode.target.length);
      if (last) wantsDirectory ||= asksForDirectory(inode.target);
      ahead.push(...toNames(inode.target).reverse());
      continue;
    }
    if (last) {
      if (inode !== undefined && inode.kind !== 'directory' && wantsDirectory) fail(Errno.NOTDIR);
      return { parent, name, inode, wantsDirectory };
    }
    if (inode === undefined) fail(Errno.NOENT);
    if (inode.kind !== 'directory') fail(Errno.NOTDIR);
    walked.push(inode);
  }
};
