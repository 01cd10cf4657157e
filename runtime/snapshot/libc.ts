import { createRequire } from 'node:module';

/** The calls of the C library that copy-on-write images need. Sizes and offsets in bytes. */
export interface Libc {
  /** Bytes of a page of the system's. */
  readonly pageBytes: number;
  /** An anonymous file in memory; answers its descriptor, or -1. */
  memfdCreate(name: string, flags: number): number;
  /** Maps `fd` privately over `target`, replacing what was there; answers false when the kernel refused. */
  mapPrivate(target: Uint8Array, fd: number): boolean;
  /** Maps nothing but zeros privately over `target`, replacing what was there; false when the kernel refused. */
  mapZeros(target: Uint8Array): boolean;
  /** Drops the private pages of `target`, so that the next access reads the mapped file again; false when refused. */
  dropPrivatePages(target: Uint8Array): boolean;
  /** Where the bytes are in this process. */
  addressOf(bytes: Uint8Array): number;
}

const PROT_READ_WRITE = 3;
const MAP_PRIVATE_FIXED = 0x12;
const MAP_PRIVATE_FIXED_ANONYMOUS = 0x32;
const MADV_DONTNEED = 4;

let loaded: Libc | undefined | null = null;

/** Loads the C library, or does without. */
type LibcLoader = (load: () => Libc | undefined) => Libc | undefined;

let loadBy: LibcLoader = (load) => load();

/** Has the C library loaded in this thread, once it is needed, as `loader` does it. */
export function loadLibcBy(loader: LibcLoader): void {
  loadBy = loader;
}

/** The C library where there is one that we know: Linux with koffi's prebuilt binary. Undefined elsewhere: copy instead. */
export function loadLibc(): Libc | undefined {
  if (loaded === null) loaded = loadBy(tryLoad);
  return loaded;
}

function tryLoad(): Libc | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const library = koffi.load(null);
    const memfdCreate = library.func('memfd_create', 'int', ['str', 'uint']);
    const mmap = library.func('mmap', 'intptr_t', ['uint8_t *', 'size_t', 'int', 'int', 'int', 'int64_t']);
    const madvise = library.func('madvise', 'int', ['uint8_t *', 'size_t', 'int']);
    const memset = library.func('memset', 'intptr_t', ['uint8_t *', 'int', 'size_t']);
    const getpagesize = library.func('getpagesize', 'int', []);
    const map = (target: Uint8Array, flags: number, fd: number): boolean =>
      Number(mmap(target, target.byteLength, PROT_READ_WRITE, flags, fd, 0)) !== -1;
    return {
      pageBytes: getpagesize() as number,
      memfdCreate: (name, flags) => memfdCreate(name, flags) as number,
      mapPrivate: (target, fd) => map(target, MAP_PRIVATE_FIXED, fd),
      mapZeros: (target) => map(target, MAP_PRIVATE_FIXED_ANONYMOUS, -1),
      dropPrivatePages: (target) => (madvise(target, target.byteLength, MADV_DONTNEED) as number) === 0,
      addressOf: (bytes) => Number(memset(bytes, 0, 0)),
    };
  } catch {
    return undefined;
  }
}
