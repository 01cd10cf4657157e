import {
  Errno,
  type MountedFiles,
  type WasiCall,
  WasiHost,
  type WasiName,
  type WasiOptions,
} from '../../../runtime/isolate/wasi/index.ts';

export type Value = number | bigint;

const GUARD = 0xa5;
const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Errno).map(([name, errno]) => [errno, name]));

/** Where a test puts what it passes: the path of a call at PATH, a second one at OTHER, buffers at DATA. */
export const PATH = 0x1000;
const OTHER = 0x3000;
export const DATA = 0x8000;
export const RESULT = 0x7000;
export const FIRST_FREE_FD = 8;
/** Preopened descriptors of a guest with the two mounts below. */
export const Fd = { STDIN: 0, STDOUT: 1, STDERR: 2, ROOT: 3, TASK: 4, OPT: 5, TMP: 6, HERE: 7 } as const;

const MOUNTS: ReadonlyMap<string, MountedFiles> = new Map([
  [
    '/var/task',
    new Map([
      ['data.txt', Buffer.from('0123456789')],
      ['lib/deep/module.bin', new Uint8Array(100)],
    ]),
  ],
  ['/opt', new Map([['layer.txt', Buffer.from('layer')]])],
]);

/** Calls a host as a guest would, over a memory whose every byte is a guard until a test or the host writes it. */
export class Guest {
  readonly host: WasiHost;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly slept: bigint[] = [];
  readonly stdout: number[] = [];
  readonly stderr: number[] = [];
  fuel = 0;
  now = 1_000_000_000n;

  constructor(options: Partial<WasiOptions> = {}, call: Partial<WasiCall> = {}) {
    const buffer = new ArrayBuffer(4 * 65_536);
    this.bytes = new Uint8Array(buffer).fill(GUARD);
    this.view = new DataView(buffer);
    this.host = new WasiHost({
      memory: () => buffer,
      mounts: MOUNTS,
      tmpBytes: 256 * 1024,
      charge: (fuel) => {
        this.fuel += fuel;
      },
      sleep: (nanoseconds) => {
        this.slept.push(nanoseconds);
        this.now += nanoseconds;
      },
      clock: { realtime: () => this.now * 2n, monotonic: () => this.now, resolution: 1000n },
      random: (target) => target.fill(0x11),
      ...options,
    });
    this.begin(call);
  }

  begin(call: Partial<WasiCall> = {}): void {
    this.host.begin({
      args: ['program'],
      env: {},
      stdin: Buffer.from('standard input'),
      stdout: (bytes) => this.stdout.push(...bytes) && bytes.length,
      stderr: (bytes) => this.stderr.push(...bytes) && bytes.length,
      ...call,
    });
  }

  /** The number that the guest is answered. */
  raw(name: WasiName, ...values: readonly Value[]): unknown {
    return (this.host.imports[name] as (...values: readonly Value[]) => unknown)(...values);
  }

  /** The errno's name. */
  call(name: WasiName, ...values: readonly Value[]): string {
    const errno = this.raw(name, ...values);
    return NAMES.get(errno as number) ?? String(errno);
  }

  /** Puts text or bytes into the memory; answers the address and length that calls take. */
  put(content: string | Uint8Array, at: number = PATH): readonly [number, number] {
    const bytes = Buffer.from(content as string);
    this.bytes.set(bytes, at);
    return [at, bytes.length];
  }

  text(at: number, length: number): string {
    return Buffer.from(this.bytes.subarray(at, at + length)).toString();
  }

  u32(at: number = RESULT): number {
    return this.view.getUint32(at, true);
  }

  u64(at: number = RESULT): bigint {
    return this.view.getBigUint64(at, true);
  }

  /** Puts a list of buffers, each an address and a length, into the memory; answers what calls take. */
  vectors(...buffers: readonly (readonly [number, number])[]): readonly [number, number] {
    const at = 0x6000;
    for (const [index, [address, length]] of buffers.entries()) {
      this.view.setUint32(at + index * 8, address, true);
      this.view.setUint32(at + index * 8 + 4, length, true);
    }
    return [at, buffers.length];
  }

  /** The addresses written since `clear`, but for those in the allowed ranges (address, length). */
  writtenOutside(...allowed: readonly (readonly [number, number])[]): number[] {
    const written: number[] = [];
    for (const [at, byte] of this.bytes.entries()) {
      if (byte !== GUARD && !allowed.some(([start, length]) => at >= start && at < start + length)) written.push(at);
    }
    return written;
  }

  clear(): void {
    this.bytes.fill(GUARD);
  }
}

const OPEN_FLAGS = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;
const READ_WRITE = 0x2n | 0x4n | 0x20n | 0x40n | 0x100n | 0x200000n | 0x400000n | 0x800000n | 0x8n | 0x10n | 0x8000000n;
const READ = READ_WRITE & ~0x400140n;
const DIRECTORY = 0xfffffffn & ~0x400140n;

export interface Opening {
  readonly flags?: readonly (keyof typeof OPEN_FLAGS)[];
  readonly access?: 'read' | 'read-write' | 'directory';
  readonly fdFlags?: number;
  readonly lookup?: number;
  readonly base?: number;
}

/** `path_open` as libc calls it; the descriptor's number is at RESULT. */
export const open = (guest: Guest, path: string, opening: Opening = {}): string => {
  const access = opening.access ?? 'read-write';
  const rights = access === 'directory' ? DIRECTORY : access === 'read' ? READ : READ_WRITE;
  const flags = (opening.flags ?? []).reduce((sum, flag) => sum | OPEN_FLAGS[flag], 0);
  const [at, length] = guest.put(path);
  const base = opening.base ?? Fd.TMP;
  return guest.call(
    'path_open',
    base,
    opening.lookup ?? 1,
    at,
    length,
    flags,
    rights,
    0xfffffffn,
    opening.fdFlags ?? 0,
    RESULT,
  );
};

/** Opens what must open. */
export const opened = (guest: Guest, path: string, opening: Opening = {}): number => {
  const errno = open(guest, path, opening);
  if (errno !== 'SUCCESS') throw new Error(`${path}: ${errno}`);
  return guest.u32();
};

/** A new file in /tmp with this content, closed again. */
export const create = (guest: Guest, path: string, content = ''): void => {
  const fd = opened(guest, path, { flags: ['creat', 'trunc'] });
  write(guest, fd, content);
  guest.call('fd_close', fd);
};

/** Writes at the descriptor's offset; answers the errno's name. */
export const write = (guest: Guest, fd: number, content: string | Uint8Array): string =>
  guest.call('fd_write', fd, ...guest.vectors(guest.put(content, DATA)), RESULT);

/** Reads at the descriptor's offset; answers what came, or the errno's name. */
export const read = (guest: Guest, fd: number, length = 1000): string => {
  const errno = guest.call('fd_read', fd, ...guest.vectors([DATA, length]), RESULT);
  return errno === 'SUCCESS' ? guest.text(DATA, guest.u32()) : errno;
};

/** What a file holds, or the errno's name of opening it. */
export const contentOf = (guest: Guest, path: string, opening: Opening = {}): string => {
  const errno = open(guest, path, { access: 'read', ...opening });
  if (errno !== 'SUCCESS') return errno;
  const fd = guest.u32();
  const content = read(guest, fd);
  guest.call('fd_close', fd);
  return content;
};

/** A call on one path below /tmp or another base. */
export const onPath = (guest: Guest, name: WasiName, path: string, base: number = Fd.TMP): string =>
  guest.call(name, base, ...guest.put(path));

export const rename = (guest: Guest, from: string, to: string, toBase: number = Fd.TMP): string =>
  guest.call('path_rename', Fd.TMP, ...guest.put(from), toBase, ...guest.put(to, OTHER));

export const symlink = (guest: Guest, target: string, path: string): string =>
  guest.call('path_symlink', ...guest.put(target, OTHER), Fd.TMP, ...guest.put(path));

export const link = (guest: Guest, from: string, to: string, toBase: number = Fd.TMP): string =>
  guest.call('path_link', Fd.TMP, 0, ...guest.put(from), toBase, ...guest.put(to, OTHER));

/** Names and types in a directory in their order, read in pieces of `buffer` bytes. */
export const list = (guest: Guest, fd: number, buffer = 4096): string[] => {
  const names: string[] = [];
  let cookie = 0n;
  for (;;) {
    const errno = guest.call('fd_readdir', fd, DATA, buffer, cookie, RESULT);
    if (errno !== 'SUCCESS') return [errno];
    const used = guest.u32();
    let at = DATA;
    while (at + 24 <= DATA + used && at + 24 + guest.u32(at + 16) <= DATA + used) {
      names.push(guest.text(at + 24, guest.u32(at + 16)));
      cookie = guest.u64(at);
      at += 24 + guest.u32(at + 16);
    }
    if (used < buffer) return names;
    if (at === DATA) throw new Error('The buffer is too small for an entry.');
  }
};
