/** What a guest may use of its in-memory world besides the bytes of /tmp; each refusal is an errno. */

/** Longest path in bytes, as on Linux; longer: NAMETOOLONG. */
export const PATH_BYTES = 4096;
/** Longest name in a directory, in bytes, as on Linux; longer: NAMETOOLONG. */
export const NAME_BYTES = 255;
/** Symbolic links followed in one path, as on Linux; more: LOOP. */
export const SYMLINK_FOLLOWS = 40;
/** Directories inside one another in /tmp; deeper: NAMETOOLONG. */
export const DIRECTORY_DEPTH = 128;
/** Names in /tmp, hard links included; more: NOSPC. An empty file costs the host about half a KiB. */
export const TMP_ENTRIES = 16_384;
/** Open descriptors, as in Lambda's environment; more: MFILE. */
export const DESCRIPTORS = 1024;
/** Buffers of one scattered read or write, as on Linux (IOV_MAX); more: INVAL. */
export const IO_VECTORS = 1024;
/** Subscriptions of one poll; more: INVAL. */
export const SUBSCRIPTIONS = 1024;
/** Files may be sought to here; further: INVAL. Where a file may reach is the quota's business. */
export const FILE_OFFSET: number = Number.MAX_SAFE_INTEGER;
/** /tmp is accounted in blocks of this many bytes, holes included. */
export const BLOCK_BYTES = 4096;
/** At most this many bytes move between two charges of fuel. */
export const CHUNK_BYTES = 65_536;
