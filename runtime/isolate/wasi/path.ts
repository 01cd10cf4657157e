import { Errno, fail } from './errno.ts';
import { NAME_BYTES, PATH_BYTES } from './limits.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A path as the guest wrote it. Fails with NAMETOOLONG, ILSEQ (not UTF-8), INVAL (a NUL inside), NOENT (empty), and, unless it
 * is a link's target, with PERM when it is absolute: every path is relative to a descriptor.
 */
export const parsePath = (bytes: Uint8Array): string => {
  if (bytes.length > PATH_BYTES) fail(Errno.NAMETOOLONG);
  if (bytes.length === 0) fail(Errno.NOENT);
  const path = decode(bytes);
  if (path.includes('\0')) fail(Errno.INVAL);
  return path;
};

const decode = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    return fail(Errno.ILSEQ);
  }
};

/** A path's names in order; empty ones and `.` say nothing, except at the end, where `.` asks for a directory. */
export const toNames = (path: string): string[] => {
  if (path.startsWith('/')) fail(Errno.PERM);
  return path.split('/').filter((name) => name !== '' && name !== '.');
};

/** `a/`, `a/.` and `.` can only be directories. */
export const asksForDirectory = (path: string): boolean => /(^|\/)\.?$/.test(path);

export const isTooLong = (name: string): boolean =>
  name.length * 3 > NAME_BYTES && Buffer.byteLength(name) > NAME_BYTES;
