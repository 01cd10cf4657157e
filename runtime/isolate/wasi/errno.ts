/** Error numbers of WASI preview 1. Source: `wasi_snapshot_preview1.witx`, `$errno`; their order is their value. */
export const Errno = {
  SUCCESS: 0,
  TOOBIG: 1,
  ACCES: 2,
  AGAIN: 6,
  BADF: 8,
  BUSY: 10,
  EXIST: 20,
  FAULT: 21,
  FBIG: 22,
  ILSEQ: 25,
  INVAL: 28,
  IO: 29,
  ISDIR: 31,
  LOOP: 32,
  MFILE: 33,
  MLINK: 34,
  NAMETOOLONG: 37,
  NOENT: 44,
  NOMEM: 48,
  NOSPC: 51,
  NOSYS: 52,
  NOTDIR: 54,
  NOTEMPTY: 55,
  NOTSOCK: 57,
  NOTSUP: 58,
  OVERFLOW: 61,
  PERM: 63,
  ROFS: 69,
  SPIPE: 70,
  XDEV: 75,
  NOTCAPABLE: 76,
} as const;

export type Errno = (typeof Errno)[keyof typeof Errno];

/** The highest error number of preview 1. */
export const LAST_ERRNO: number = Errno.NOTCAPABLE;

/**
 * How a function of this room fails: thrown inside, turned into its number where the guest's call ends, never seen outside.
 * It is no Error, so that a failed lookup costs no stack trace.
 */
export class Failure {
  readonly errno: Errno;

  constructor(errno: Errno) {
    this.errno = errno;
  }
}

const failures: ReadonlyMap<Errno, Failure> = new Map(Object.values(Errno).map((errno) => [errno, new Failure(errno)]));

/** A declaration, so that the compiler knows that nothing follows a call of it. */
export function fail(errno: Errno): never {
  throw failures.get(errno);
}
