import { describe, expect, it } from 'vitest';
import { TMP_ENTRIES } from '../../../runtime/isolate/wasi/limits.ts';
import {
  contentOf,
  create,
  DATA,
  Fd,
  FIRST_FREE_FD,
  Guest,
  link,
  list,
  onPath,
  open,
  opened,
  PATH,
  RESULT,
  read,
  rename,
  symlink,
  write,
} from './guest.ts';

const mkdir = (guest: Guest, path: string, base: number = Fd.TMP) => onPath(guest, 'path_create_directory', path, base);
const rmdir = (guest: Guest, path: string, base: number = Fd.TMP) => onPath(guest, 'path_remove_directory', path, base);
const unlink = (guest: Guest, path: string, base: number = Fd.TMP) => onPath(guest, 'path_unlink_file', path, base);

const stat = (guest: Guest, path: string, lookup = 1, base: number = Fd.TMP): string =>
  guest.call('path_filestat_get', base, lookup, ...guest.put(path), RESULT);

const typeOf = (guest: Guest, path: string, lookup = 1): number => {
  stat(guest, path, lookup);
  return guest.bytes[RESULT + 16] as number;
};

const linksOf = (guest: Guest, path: string): bigint => {
  stat(guest, path);
  return guest.u64(RESULT + 24);
};

describe('a path', () => {
  it.each([
    ['/tmp/a', 'PERM'],
    ['/', 'PERM'],
    ['..', 'PERM'],
    ['dir/../..', 'PERM'],
    ['dir/../../tmp/a', 'PERM'],
    ['', 'NOENT'],
    ['a\0b', 'INVAL'],
    ['n'.repeat(256), 'NAMETOOLONG'],
    ['é'.repeat(128), 'NAMETOOLONG'],
    [`${'d/'.repeat(2048)}x`, 'NAMETOOLONG'],
    ['n'.repeat(255), 'NOENT'],
    ['a/b', 'NOTDIR'],
    ['a/', 'NOTDIR'],
    ['a/.', 'NOTDIR'],
    ['missing/..', 'NOENT'],
    ['a', 'SUCCESS'],
    ['./dir/../a', 'SUCCESS'],
    ['dir//./', 'SUCCESS'],
    ['.', 'SUCCESS'],
    ['dir/..', 'SUCCESS'],
  ])('%j answers %s', (path, errno) => {
    const guest = new Guest();
    create(guest, 'a');
    mkdir(guest, 'dir');
    expect(stat(guest, path)).toBe(errno);
  });

  it('that is no UTF-8, or outside the memory, is refused before it is copied', () => {
    const guest = new Guest();
    guest.bytes.set([0xff, 0xfe], PATH);
    expect(guest.call('path_unlink_file', Fd.TMP, PATH, 2)).toBe('ILSEQ');
    expect(guest.call('path_unlink_file', Fd.TMP, PATH, -1)).toBe('FAULT');
    expect(guest.call('path_unlink_file', Fd.TMP, -1, 1)).toBe('FAULT');
    expect(guest.call('path_unlink_file', Fd.TMP, PATH, 5000)).toBe('NAMETOOLONG');
  });

  it('does not lead above any directory it starts from', () => {
    const guest = new Guest();
    mkdir(guest, 'dir');
    create(guest, 'a');
    const dir = opened(guest, 'dir', { access: 'directory' });
    expect(stat(guest, '../a', 1, dir)).toBe('PERM');
    expect(stat(guest, '../opt/layer.txt', 1, Fd.TMP)).toBe('PERM');
    expect(stat(guest, 'tmp/../opt/layer.txt', 1, Fd.ROOT)).toBe('SUCCESS');
  });

  it('starts from a directory only', () => {
    const guest = new Guest();
    create(guest, 'a');
    expect(stat(guest, 'b', 1, opened(guest, 'a'))).toBe('NOTDIR');
    expect(stat(guest, 'b', 1, Fd.STDIN)).toBe('NOTDIR');
    expect(stat(guest, 'b', 1, 999)).toBe('BADF');
  });
});

describe('opening', () => {
  it('makes, keeps, cuts or refuses as its flags say', () => {
    const guest = new Guest();
    expect(open(guest, 'a')).toBe('NOENT');
    create(guest, 'a', 'content');
    expect(open(guest, 'a', { flags: ['creat', 'excl'] })).toBe('EXIST');
    expect(open(guest, 'a', { flags: ['creat'] })).toBe('SUCCESS');
    expect(contentOf(guest, 'a')).toBe('content');
    expect(open(guest, 'a', { flags: ['trunc'] })).toBe('SUCCESS');
    expect(contentOf(guest, 'a')).toBe('');
    expect(open(guest, 'a', { flags: ['directory'] })).toBe('NOTDIR');
    expect(open(guest, 'b', { flags: ['creat', 'directory'] })).toBe('INVAL');
    expect(open(guest, 'b/', { flags: ['creat'] })).toBe('ISDIR');
    expect(guest.call('path_open', Fd.TMP, 0, ...guest.put('a'), 16, 0n, 0n, 0, RESULT)).toBe('INVAL');
    expect(guest.call('path_open', Fd.TMP, 0, ...guest.put('a'), 0, 0n, 0n, 32, RESULT)).toBe('INVAL');
  });

  it('a directory is for reading its names', () => {
    const guest = new Guest();
    mkdir(guest, 'dir');
    expect(open(guest, 'dir')).toBe('ISDIR');
    expect(open(guest, 'dir', { flags: ['creat'], access: 'read' })).toBe('ISDIR');
    expect(open(guest, 'dir', { access: 'read' })).toBe('SUCCESS');
    expect(open(guest, 'dir', { access: 'directory', flags: ['directory'] })).toBe('SUCCESS');
  });

  it('takes no descriptor and makes no file when the result cannot be written', () => {
    const guest = new Guest();
    expect(guest.call('path_open', Fd.TMP, 0, ...guest.put('a'), 1, 0n, 0n, 0, -1)).toBe('FAULT');
    expect(list(guest, Fd.TMP)).toEqual(['.', '..']);
    create(guest, 'a');
    expect(opened(guest, 'a')).toBe(FIRST_FREE_FD);
  });

  it('for reading does not let write', () => {
    const guest = new Guest();
    create(guest, 'a');
    expect(write(guest, opened(guest, 'a', { access: 'read' }), 'x')).toBe('NOTCAPABLE');
  });
});

describe('the package', () => {
  it('can be read and not changed', () => {
    const guest = new Guest();
    const base = Fd.TASK;
    expect(contentOf(guest, 'data.txt', { base })).toBe('0123456789');
    expect(open(guest, 'data.txt', { base })).toBe('ROFS');
    expect(open(guest, 'data.txt', { base, access: 'read', flags: ['trunc'] })).toBe('ROFS');
    expect(open(guest, 'new', { base, flags: ['creat'] })).toBe('ROFS');
    expect(mkdir(guest, 'new', base)).toBe('ROFS');
    expect(unlink(guest, 'data.txt', base)).toBe('ROFS');
    expect(rmdir(guest, 'lib', base)).toBe('ROFS');
    expect(guest.call('path_rename', base, ...guest.put('lib'), base, ...guest.put('b', DATA))).toBe('ROFS');
    expect(guest.call('path_symlink', ...guest.put('lib'), base, ...guest.put('b', DATA))).toBe('ROFS');
    expect(guest.call('path_filestat_set_times', base, 0, ...guest.put('lib'), 0n, 0n, 2)).toBe('ROFS');
    expect(rmdir(guest, 'tmp', Fd.ROOT)).toBe('ROFS');
    expect(list(guest, base)).toEqual(['.', '..', 'data.txt', 'lib']);
  });

  it('is another device than /tmp', () => {
    const guest = new Guest();
    create(guest, 'a');
    expect(rename(guest, 'a', 'a', Fd.TASK)).toBe('XDEV');
    expect(link(guest, 'a', 'a', Fd.TASK)).toBe('XDEV');
    expect(guest.call('path_rename', Fd.TASK, ...guest.put('data.txt'), Fd.TMP, ...guest.put('b', DATA))).toBe('XDEV');
  });
});

describe('renaming', () => {
  it('replaces a file, whose open descriptors go on', () => {
    const guest = new Guest();
    create(guest, 'a', 'new');
    create(guest, 'b', 'old');
    const old = opened(guest, 'b');
    expect(rename(guest, 'a', 'b')).toBe('SUCCESS');
    expect(contentOf(guest, 'b')).toBe('new');
    expect(read(guest, old)).toBe('old');
    expect(list(guest, Fd.TMP)).toEqual(['.', '..', 'b']);
  });

  it('replaces empty directories with directories, and nothing with another kind', () => {
    const guest = new Guest();
    for (const path of ['dir', 'dir/sub', 'empty', 'full', 'full/x']) mkdir(guest, path);
    create(guest, 'file', 'F');
    expect(rename(guest, 'dir', 'full')).toBe('NOTEMPTY');
    expect(rename(guest, 'dir', 'file')).toBe('NOTDIR');
    expect(rename(guest, 'file', 'empty')).toBe('ISDIR');
    expect(rename(guest, 'file', 'new/')).toBe('NOTDIR');
    expect(rename(guest, 'dir', 'empty/')).toBe('SUCCESS');
    expect(stat(guest, 'empty/sub')).toBe('SUCCESS');
    expect(stat(guest, 'dir')).toBe('NOENT');
  });

  it('never puts a directory into itself', () => {
    const guest = new Guest();
    for (const path of ['a', 'a/b', 'a/b/c']) mkdir(guest, path);
    expect(rename(guest, 'a', 'a/b/c/d')).toBe('INVAL');
    expect(rename(guest, 'a', 'a/b')).toBe('INVAL');
    expect(rename(guest, 'a/b/c', 'a')).toBe('NOTEMPTY');
    expect(rename(guest, 'a', 'a')).toBe('SUCCESS');
    expect(rename(guest, '.', 'z')).toBe('INVAL');
    expect(rename(guest, 'a', '.')).toBe('INVAL');
    expect(rename(guest, 'missing', 'z')).toBe('NOENT');
  });
});

describe('removing', () => {
  it('tells files from directories', () => {
    const guest = new Guest();
    create(guest, 'file');
    for (const path of ['dir', 'dir/sub']) mkdir(guest, path);
    expect(unlink(guest, 'dir')).toBe('ISDIR');
    expect(unlink(guest, 'dir/')).toBe('ISDIR');
    expect(unlink(guest, 'file/')).toBe('NOTDIR');
    expect(rmdir(guest, 'file')).toBe('NOTDIR');
    expect(rmdir(guest, 'dir')).toBe('NOTEMPTY');
    expect(rmdir(guest, 'dir/sub/..')).toBe('INVAL');
    expect(rmdir(guest, '.')).toBe('INVAL');
    expect(rmdir(guest, 'dir/sub/')).toBe('SUCCESS');
    expect(rmdir(guest, 'dir')).toBe('SUCCESS');
    expect(unlink(guest, 'file')).toBe('SUCCESS');
    expect(unlink(guest, 'file')).toBe('NOENT');
    expect(list(guest, Fd.TMP)).toEqual(['.', '..']);
  });

  it('leaves an open directory empty for good', () => {
    const guest = new Guest();
    mkdir(guest, 'dir');
    const base = opened(guest, 'dir', { access: 'directory' });
    rmdir(guest, 'dir');
    expect(open(guest, 'a', { base, flags: ['creat'] })).toBe('NOENT');
    expect(mkdir(guest, 'sub', base)).toBe('NOENT');
    expect(list(guest, base)).toEqual(['.', '..']);
  });
});

describe('links', () => {
  it('give a file several names, and keep it until the last is gone', () => {
    const guest = new Guest();
    create(guest, 'a', 'shared');
    mkdir(guest, 'dir');
    expect(link(guest, 'a', 'b')).toBe('SUCCESS');
    expect(linksOf(guest, 'a')).toBe(2n);
    expect(link(guest, 'a', 'b')).toBe('EXIST');
    expect(link(guest, 'a', 'c/')).toBe('NOENT');
    expect(link(guest, 'dir', 'c')).toBe('PERM');
    expect(link(guest, 'missing', 'c')).toBe('NOENT');
    unlink(guest, 'a');
    expect(contentOf(guest, 'b')).toBe('shared');
    expect(linksOf(guest, 'b')).toBe(1n);
  });

  it('that are symbolic are followed on the way, and at the end when asked', () => {
    const guest = new Guest();
    mkdir(guest, 'dir');
    create(guest, 'dir/file', 'F');
    expect(symlink(guest, 'dir/', 'd')).toBe('SUCCESS');
    expect(symlink(guest, 'd/file', 'f')).toBe('SUCCESS');
    expect(contentOf(guest, 'f')).toBe('F');
    expect(typeOf(guest, 'f')).toBe(4);
    expect(typeOf(guest, 'f', 0)).toBe(7);
    expect(open(guest, 'f', { lookup: 0 })).toBe('LOOP');
    expect(open(guest, 'f', { flags: ['creat', 'excl'] })).toBe('EXIST');
    expect(guest.call('path_readlink', Fd.TMP, ...guest.put('f'), DATA, 100, RESULT)).toBe('SUCCESS');
    expect(guest.text(DATA, guest.u32())).toBe('d/file');
    expect(guest.call('path_readlink', Fd.TMP, ...guest.put('f'), DATA, 3, RESULT)).toBe('SUCCESS');
    expect(guest.text(DATA, guest.u32())).toBe('d/f');
    expect(guest.call('path_readlink', Fd.TMP, ...guest.put('dir'), DATA, 3, RESULT)).toBe('INVAL');
    unlink(guest, 'f');
    expect(contentOf(guest, 'dir/file')).toBe('F');
  });

  it('that hang make their target when a file is made through them', () => {
    const guest = new Guest();
    symlink(guest, 'target', 'l');
    expect(stat(guest, 'l')).toBe('NOENT');
    create(guest, 'l', 'made');
    expect(contentOf(guest, 'target')).toBe('made');
  });

  it('never end in a circle or outside', () => {
    const guest = new Guest();
    symlink(guest, 'b', 'a');
    symlink(guest, 'a', 'b');
    symlink(guest, 'self/self/self', 'self');
    symlink(guest, '../opt/layer.txt', 'out');
    expect(stat(guest, 'a')).toBe('LOOP');
    expect(stat(guest, 'self')).toBe('LOOP');
    expect(stat(guest, 'out')).toBe('PERM');
    expect(symlink(guest, '/etc/passwd', 'absolute')).toBe('PERM');
    expect(symlink(guest, '', 'empty')).toBe('NOENT');
    expect(symlink(guest, 'x'.repeat(4097), 'long')).toBe('NAMETOOLONG');
    expect(symlink(guest, 'x', 'a')).toBe('EXIST');
  });

  it('that are symbolic take a block of the quota and give it back', () => {
    const guest = new Guest({ tmpBytes: 4096 });
    expect(symlink(guest, 'x', 'a')).toBe('SUCCESS');
    expect(symlink(guest, 'x', 'b')).toBe('NOSPC');
    unlink(guest, 'a');
    expect(symlink(guest, 'x', 'b')).toBe('SUCCESS');
  });
});

describe('bounds of /tmp', () => {
  it('end names at their quota, and give them back', () => {
    const guest = new Guest();
    create(guest, 'file');
    for (let index = 1; index < TMP_ENTRIES; index++) link(guest, 'file', `link-${index}`);
    expect(link(guest, 'file', 'more')).toBe('NOSPC');
    expect(mkdir(guest, 'more')).toBe('NOSPC');
    expect(open(guest, 'more', { flags: ['creat'] })).toBe('NOSPC');
    expect(unlink(guest, 'link-7')).toBe('SUCCESS');
    expect(mkdir(guest, 'more')).toBe('SUCCESS');
  });

  it('end directories in directories, however they come there', () => {
    const guest = new Guest();
    let base: number = Fd.TMP;
    let errno = mkdir(guest, 'd', base);
    for (let depth = 0; errno === 'SUCCESS' && depth < 1000; depth++) {
      base = opened(guest, 'd', { access: 'directory', base });
      errno = mkdir(guest, 'd', base);
    }
    expect(errno).toBe('NAMETOOLONG');
    mkdir(guest, 'tree');
    mkdir(guest, 'tree/branch');
    expect(rename(guest, 'tree', 'tree', base)).toBe('NAMETOOLONG');
    expect(rename(guest, 'tree', 'wood')).toBe('SUCCESS');
  });
});

describe('listing', () => {
  it('goes on behind any cookie with a buffer of any size', () => {
    const guest = new Guest();
    const names = Array.from({ length: 100 }, (_, index) => `name-${index}`);
    for (const name of names) create(guest, name);
    for (const buffer of [40, 64, 333, 4096]) expect(list(guest, Fd.TMP, buffer)).toEqual(['.', '..', ...names]);
  });

  it('neither repeats nor skips a name when others come and go meanwhile', () => {
    const guest = new Guest();
    for (const name of ['a', 'b', 'c', 'd']) create(guest, name);
    guest.call('fd_readdir', Fd.TMP, DATA, 24 * 4 + 1 + 2 + 1 + 1, 0n, RESULT);
    const cookie = guest.u64(DATA + 25 + 26 + 25);
    unlink(guest, 'a');
    unlink(guest, 'c');
    create(guest, 'e');
    guest.call('fd_readdir', Fd.TMP, DATA, 4096, cookie, RESULT);
    expect(guest.u32()).toBe(50);
    expect([guest.text(DATA + 24, 1), guest.text(DATA + 49, 1)]).toEqual(['d', 'e']);
  });

  it('ends at a cookie that nothing gave out', () => {
    const guest = new Guest();
    expect(guest.call('fd_readdir', Fd.TMP, DATA, 4096, -1n, RESULT)).toBe('SUCCESS');
    expect(guest.u32()).toBe(0);
  });
});

describe('times', () => {
  it('are set as given, to now, or left alone', () => {
    const guest = new Guest();
    create(guest, 'a');
    const set = (flags: number) => guest.call('path_filestat_set_times', Fd.TMP, 1, ...guest.put('a'), 11n, 22n, flags);
    const times = () => [stat(guest, 'a'), guest.u64(RESULT + 40), guest.u64(RESULT + 48)];
    expect(set(1 | 4)).toBe('SUCCESS');
    expect(times()).toEqual(['SUCCESS', 11n, 22n]);
    guest.now = 50n;
    expect(set(2)).toBe('SUCCESS');
    expect(times()).toEqual(['SUCCESS', 100n, 22n]);
    expect(set(1 | 2)).toBe('INVAL');
    expect(set(4 | 8)).toBe('INVAL');
    expect(set(16)).toBe('INVAL');
    expect(guest.call('fd_filestat_set_times', opened(guest, 'a'), -1n, 5n, 1 | 4)).toBe('SUCCESS');
    expect(times()).toEqual(['SUCCESS', (1n << 64n) - 1n, 5n]);
    expect(guest.call('fd_filestat_set_times', Fd.STDIN, 0n, 0n, 2)).toBe('NOTCAPABLE');
  });
});
