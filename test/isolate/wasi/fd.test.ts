import { describe, expect, it } from 'vitest';
import { contentOf, create, DATA, Fd, FIRST_FREE_FD, Guest, list, open, opened, RESULT, read, write } from './guest.ts';

const TEBIBYTE = 1n << 40n;
const SET = 0;
const CUR = 1;
const END = 2;

const seek = (guest: Guest, fd: number, offset: bigint, whence: number): string | bigint => {
  const errno = guest.call('fd_seek', fd, offset, whence, RESULT);
  return errno === 'SUCCESS' ? guest.u64() : errno;
};

const tell = (guest: Guest, fd: number): bigint => {
  guest.call('fd_tell', fd, RESULT);
  return guest.u64();
};

const sizeOf = (guest: Guest, fd: number): bigint => {
  guest.call('fd_filestat_get', fd, RESULT);
  return guest.u64(RESULT + 32);
};

describe('descriptors', () => {
  it('take the lowest free number', () => {
    const guest = new Guest();
    create(guest, 'a');
    const numbers = [opened(guest, 'a'), opened(guest, 'a'), opened(guest, 'a')];
    expect(numbers).toEqual([FIRST_FREE_FD, FIRST_FREE_FD + 1, FIRST_FREE_FD + 2]);
    guest.call('fd_close', FIRST_FREE_FD + 1);
    guest.call('fd_close', Fd.STDIN);
    expect([opened(guest, 'a'), opened(guest, 'a'), opened(guest, 'a')]).toEqual([
      0,
      FIRST_FREE_FD + 1,
      FIRST_FREE_FD + 3,
    ]);
  });

  it('run out at 1,024, before a file is made or cut', () => {
    const guest = new Guest();
    create(guest, 'a', 'kept');
    let errno = open(guest, 'a');
    while (errno === 'SUCCESS') errno = open(guest, 'a');
    expect(errno).toBe('MFILE');
    expect(guest.u32()).toBe(1023);
    expect(open(guest, 'a', { flags: ['trunc'] })).toBe('MFILE');
    expect(open(guest, 'new', { flags: ['creat'] })).toBe('MFILE');
    guest.call('fd_close', 1000);
    expect(contentOf(guest, 'a')).toBe('kept');
    expect(contentOf(guest, 'new')).toBe('NOENT');
  });

  it('are closed once', () => {
    const guest = new Guest();
    expect(guest.call('fd_close', Fd.STDOUT)).toBe('SUCCESS');
    expect(guest.call('fd_close', Fd.STDOUT)).toBe('BADF');
    expect(guest.call('fd_close', -1)).toBe('BADF');
  });

  it('are renumbered onto open ones, which are closed', () => {
    const guest = new Guest();
    create(guest, 'a', 'A');
    create(guest, 'b', 'B');
    const [a, b] = [opened(guest, 'a'), opened(guest, 'b')];
    expect(guest.call('fd_renumber', a, 500)).toBe('BADF');
    expect(guest.call('fd_renumber', 500, a)).toBe('BADF');
    expect(guest.call('fd_renumber', a, a)).toBe('SUCCESS');
    expect(guest.call('fd_renumber', a, b)).toBe('SUCCESS');
    expect(read(guest, b)).toBe('A');
    expect(read(guest, a)).toBe('BADF');
    expect(opened(guest, 'b')).toBe(a);
  });

  it('give up rights and never gain any', () => {
    const guest = new Guest();
    create(guest, 'a', 'A');
    const fd = opened(guest, 'a');
    expect(guest.call('fd_fdstat_set_rights', fd, 0x2n, 0n)).toBe('SUCCESS');
    expect(read(guest, fd)).toBe('A');
    expect(write(guest, fd, 'x')).toBe('NOTCAPABLE');
    expect(seek(guest, fd, 0n, SET)).toBe('NOTCAPABLE');
    expect(guest.call('fd_fdstat_set_rights', fd, 0x42n, 0n)).toBe('NOTCAPABLE');
  });

  it('of a directory hand down no more rights than they inherit', () => {
    const guest = new Guest();
    create(guest, 'a', 'A');
    const readOnly = opened(guest, '.', { access: 'directory' });
    expect(guest.call('fd_fdstat_set_rights', readOnly, 0x2000n, 0x2n)).toBe('SUCCESS');
    expect(open(guest, 'a', { base: readOnly })).toBe('NOTCAPABLE');
    const [at, length] = guest.put('a');
    expect(guest.call('path_open', readOnly, 0, at, length, 0, 0x2n, 0n, 0, RESULT)).toBe('SUCCESS');
    expect(guest.call('path_open', readOnly, 0, at, length, 1, 0x2n, 0n, 0, RESULT)).toBe('NOTCAPABLE');
  });

  it('of streams are like a pipe: no type, no seeking', () => {
    const guest = new Guest();
    guest.clear();
    expect(guest.call('fd_fdstat_get', Fd.STDIN, RESULT)).toBe('SUCCESS');
    expect(guest.bytes[RESULT]).toBe(0);
    expect(guest.u64(RESULT + 8) & 0x24n).toBe(0n);
    expect(guest.writtenOutside([RESULT, 24])).toEqual([]);
    expect(seek(guest, Fd.STDIN, 0n, CUR)).toBe('SPIPE');
    expect(guest.call('fd_pread', Fd.STDIN, ...guest.vectors([DATA, 4]), 0n, RESULT)).toBe('SPIPE');
  });

  it('of the preopened directories have names, and the first that is none ends the list', () => {
    const guest = new Guest();
    const names: string[] = [];
    let fd = 3;
    for (; guest.call('fd_prestat_get', fd, RESULT) === 'SUCCESS'; fd++) {
      const length = guest.u32(RESULT + 4);
      expect(guest.call('fd_prestat_dir_name', fd, DATA, length - 1)).toBe('NAMETOOLONG');
      expect(guest.call('fd_prestat_dir_name', fd, DATA, length)).toBe('SUCCESS');
      names.push(guest.text(DATA, length));
    }
    expect(names).toEqual(['/', '/var/task', '/opt', '/tmp', '.']);
    expect(guest.call('fd_prestat_get', fd, RESULT)).toBe('BADF');
    expect(guest.call('fd_prestat_get', Fd.STDIN, RESULT)).toBe('BADF');
  });
});

describe('reading and writing', () => {
  it('moves standard input once, in pieces', () => {
    const guest = new Guest();
    expect(read(guest, Fd.STDIN, 8)).toBe('standard');
    expect(read(guest, Fd.STDIN)).toBe(' input');
    expect(read(guest, Fd.STDIN)).toBe('');
    expect(write(guest, Fd.STDIN, 'x')).toBe('BADF');
    expect(read(guest, Fd.STDOUT)).toBe('NOTCAPABLE');
  });

  it('writes no byte beside the buffers and the result', () => {
    const guest = new Guest();
    guest.clear();
    const vectors = guest.vectors([DATA, 3], [DATA + 10, 2], [DATA + 20, 0], [DATA + 30, 100]);
    expect(guest.call('fd_read', Fd.STDIN, ...vectors, RESULT)).toBe('SUCCESS');
    expect(guest.writtenOutside([DATA, 3], [DATA + 10, 2], [DATA + 30, 9], [RESULT, 4], [0x6000, 32])).toEqual([]);
    expect(guest.text(DATA, 3) + guest.text(DATA + 10, 2) + guest.text(DATA + 30, 9)).toBe('standard input');
  });

  it('gives output to the sinks as far as they take it', () => {
    const taken: string[] = [];
    const room = 5;
    const guest = new Guest(
      {},
      {
        stdout: (bytes) => {
          const left = Math.max(0, room - taken.join('').length);
          taken.push(Buffer.from(bytes.subarray(0, left)).toString());
          return Math.min(left, bytes.length);
        },
      },
    );
    expect(write(guest, Fd.STDOUT, 'four')).toBe('SUCCESS');
    expect(write(guest, Fd.STDOUT, 'more')).toBe('SUCCESS');
    expect(guest.u32()).toBe(1);
    expect(write(guest, Fd.STDOUT, 'most')).toBe('NOSPC');
    expect(write(guest, Fd.STDOUT, '')).toBe('SUCCESS');
    expect(taken.join('')).toBe('fourm');
  });

  it('refuses too many buffers, too many bytes and buffers outside the memory, before anything moves', () => {
    const guest = new Guest();
    expect(guest.call('fd_read', Fd.STDIN, 0, 1025, RESULT)).toBe('INVAL');
    expect(guest.call('fd_read', Fd.STDIN, 0, -1, RESULT)).toBe('INVAL');
    expect(guest.call('fd_read', Fd.STDIN, 0x3fff0, 1024, RESULT)).toBe('FAULT');
    expect(guest.call('fd_read', Fd.STDIN, ...guest.vectors([DATA, 4], [0x3ffff, 2]), RESULT)).toBe('FAULT');
    expect(guest.call('fd_read', Fd.STDIN, ...guest.vectors([DATA, 4], [-1, -1]), RESULT)).toBe('FAULT');
    expect(guest.call('fd_read', Fd.STDIN, ...guest.vectors([DATA, 4]), 0x3fffe)).toBe('FAULT');
    expect(read(guest, Fd.STDIN)).toBe('standard input');
  });

  it('seeks from the start, the position and the end, and not before the start', () => {
    const guest = new Guest();
    create(guest, 'a', '0123456789');
    const fd = opened(guest, 'a');
    expect(seek(guest, fd, 4n, SET)).toBe(4n);
    expect(seek(guest, fd, 2n, CUR)).toBe(6n);
    expect(seek(guest, fd, -1n, END)).toBe(9n);
    expect(seek(guest, fd, -11n, END)).toBe('INVAL');
    expect(seek(guest, fd, -(1n << 63n), SET)).toBe('INVAL');
    expect(seek(guest, fd, (1n << 63n) - 1n, CUR)).toBe('INVAL');
    expect(seek(guest, fd, 0n, 3)).toBe('INVAL');
    expect(read(guest, fd)).toBe('9');
    expect(tell(guest, fd)).toBe(10n);
  });

  it('appends wherever the position is', () => {
    const guest = new Guest();
    create(guest, 'a', 'one');
    const fd = opened(guest, 'a', { fdFlags: 1 });
    seek(guest, fd, 0n, SET);
    write(guest, fd, 'two');
    expect(contentOf(guest, 'a')).toBe('onetwo');
    expect(guest.call('fd_fdstat_set_flags', fd, 0)).toBe('SUCCESS');
    seek(guest, fd, 0n, SET);
    write(guest, fd, 'ONE');
    expect(contentOf(guest, 'a')).toBe('ONEtwo');
    expect(guest.call('fd_fdstat_set_flags', fd, 16)).toBe('INVAL');
  });

  it('at an offset leaves the position alone', () => {
    const guest = new Guest();
    create(guest, 'a', '0123456789');
    const fd = opened(guest, 'a');
    expect(guest.call('fd_pwrite', fd, ...guest.vectors(guest.put('ab', DATA)), 4n, RESULT)).toBe('SUCCESS');
    expect(guest.call('fd_pread', fd, ...guest.vectors([DATA, 4]), 3n, RESULT)).toBe('SUCCESS');
    expect(guest.text(DATA, guest.u32())).toBe('3ab6');
    expect(guest.call('fd_pread', fd, ...guest.vectors([DATA, 4]), -1n, RESULT)).toBe('INVAL');
    expect(tell(guest, fd)).toBe(0n);
  });

  it('of a directory is refused', () => {
    const guest = new Guest();
    expect(read(guest, Fd.TMP)).toBe('ISDIR');
    expect(write(guest, Fd.TMP, 'x')).toBe('BADF');
    expect(seek(guest, Fd.TMP, 0n, SET)).toBe('BADF');
    expect(list(guest, Fd.STDIN)).toEqual(['NOTDIR']);
  });
});

describe('the size of files', () => {
  it('grows with zeros, across chunks and back', () => {
    const guest = new Guest();
    create(guest, 'a', 'abc');
    const fd = opened(guest, 'a');
    expect(guest.call('fd_filestat_set_size', fd, 200_000n)).toBe('SUCCESS');
    guest.call('fd_pwrite', fd, ...guest.vectors(guest.put('end', DATA)), 199_997n, RESULT);
    guest.call('fd_pread', fd, ...guest.vectors([DATA, 100_000]), 0n, RESULT);
    expect(guest.text(DATA, 3)).toBe('abc');
    expect(guest.bytes.subarray(DATA + 3, DATA + 100_000).every((byte) => byte === 0)).toBe(true);
    guest.call('fd_filestat_set_size', fd, 1n);
    guest.call('fd_filestat_set_size', fd, 200_000n);
    guest.call('fd_pread', fd, ...guest.vectors([DATA, 3]), 0n, RESULT);
    expect(guest.text(DATA, 3)).toBe('a\0\0');
    guest.call('fd_pread', fd, ...guest.vectors([DATA, 3]), 199_997n, RESULT);
    expect(guest.text(DATA, 3)).toBe('\0\0\0');
  });

  it('reaches the quota and not a byte further, whoever asks', () => {
    const guest = new Guest({ tmpBytes: 8192 });
    create(guest, 'a');
    const fd = opened(guest, 'a');
    expect(seek(guest, fd, TEBIBYTE, SET)).toBe(TEBIBYTE);
    expect(write(guest, fd, 'x')).toBe('FBIG');
    expect(guest.call('fd_filestat_set_size', fd, TEBIBYTE)).toBe('FBIG');
    expect(guest.call('fd_filestat_set_size', fd, -1n)).toBe('FBIG');
    expect(guest.call('fd_allocate', fd, TEBIBYTE, 1n)).toBe('FBIG');
    expect(guest.call('fd_allocate', fd, -1n, -1n)).toBe('FBIG');
    expect(guest.call('fd_allocate', fd, 0n, 0n)).toBe('INVAL');
    expect(sizeOf(guest, fd)).toBe(0n);
    expect(guest.call('fd_allocate', fd, 0n, 8192n)).toBe('SUCCESS');
    create(guest, 'b');
    const other = opened(guest, 'b');
    expect(write(guest, other, 'x')).toBe('NOSPC');
    expect(guest.call('fd_filestat_set_size', other, 1n)).toBe('NOSPC');
    guest.call('fd_filestat_set_size', fd, 4096n);
    expect(guest.call('fd_filestat_set_size', other, 4096n)).toBe('SUCCESS');
    expect(guest.call('fd_filestat_set_size', other, 4097n)).toBe('NOSPC');
  });

  it('lets a write end short at the quota', () => {
    const guest = new Guest({ tmpBytes: 8192 });
    create(guest, 'a');
    const fd = opened(guest, 'a');
    expect(write(guest, fd, new Uint8Array(10_000))).toBe('SUCCESS');
    expect(guest.u32()).toBe(8192);
    expect(write(guest, fd, 'x')).toBe('NOSPC');
  });

  it('counts a file without a name until its last descriptor is closed', () => {
    const guest = new Guest({ tmpBytes: 4096 });
    create(guest, 'a', 'still here');
    const fd = opened(guest, 'a');
    guest.call('path_unlink_file', Fd.TMP, ...guest.put('a'));
    create(guest, 'b');
    const other = opened(guest, 'b');
    expect(read(guest, fd)).toBe('still here');
    expect(write(guest, other, 'x')).toBe('NOSPC');
    guest.call('fd_close', fd);
    expect(write(guest, other, 'x')).toBe('SUCCESS');
  });
});

describe('an invocation', () => {
  it('sees nothing of the one before', () => {
    const guest = new Guest();
    create(guest, 'secret', 'x');
    opened(guest, 'secret');
    guest.call('fd_close', Fd.STDIN);
    guest.begin({ stdin: Buffer.from('next') });
    expect(list(guest, Fd.TMP)).toEqual(['.', '..']);
    expect(read(guest, FIRST_FREE_FD)).toBe('BADF');
    expect(read(guest, Fd.STDIN)).toBe('next');
  });

  it('finds its tree under the root', () => {
    const guest = new Guest();
    expect(list(guest, Fd.ROOT)).toEqual(['.', '..', 'var', 'opt', 'tmp']);
    create(guest, 'a', 'A');
    expect(contentOf(guest, 'tmp/a', { base: Fd.ROOT })).toBe('A');
    expect(contentOf(guest, 'data.txt', { base: Fd.HERE })).toBe('0123456789');
    guest.begin();
    expect(contentOf(guest, 'tmp/a', { base: Fd.ROOT })).toBe('NOENT');
  });
});
