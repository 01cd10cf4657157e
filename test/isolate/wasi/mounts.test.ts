import { describe, expect, it } from 'vitest';
import { contentOf, create, Fd, FIRST_FREE_FD, Guest, list, open, opened, read, write } from './guest.ts';

const bytes = Buffer.from('x');
const mounted = (files: readonly (readonly [string, Uint8Array])[]): Guest =>
  new Guest({ mounts: new Map([['/var/task', new Map(files)]]) });

describe('a mounted package', () => {
  it('leaves out what cannot be in a tree, and keeps the rest', () => {
    const guest = mounted([
      ['../../etc/passwd', bytes],
      ['a/../../b', bytes],
      ['', bytes],
      ['.', bytes],
      ['n'.repeat(256), bytes],
      [`${'n'.repeat(256)}/file`, bytes],
      ['file', bytes],
      ['file/below', bytes],
      ['directory/', bytes],
      ['./a//b', bytes],
      ['__proto__', bytes],
    ]);
    expect(list(guest, Fd.TASK)).toEqual(['.', '..', 'file', 'directory', 'a', '__proto__']);
    expect(contentOf(guest, 'a/b', { base: Fd.TASK })).toBe('x');
    expect(list(guest, Fd.ROOT)).toEqual(['.', '..', 'var', 'tmp']);
  });

  it('shares its bytes and never writes to them', () => {
    const content = Buffer.from('shared');
    const guest = mounted([['file', content]]);
    content.write('SHARED');
    expect(contentOf(guest, 'file', { base: Fd.TASK })).toBe('SHARED');
  });

  it('is one tree for every host, which none of them can change', () => {
    const mounts = new Map(['/var/task', '/opt'].map((point) => [point, new Map([['folder/file', bytes]])]));
    const [one, other] = [new Guest({ mounts }), new Guest({ mounts })];
    for (const guest of [one, other]) {
      expect(contentOf(guest, 'folder/file', { base: Fd.TASK })).toBe('x');
      expect(open(guest, 'folder/new', { base: Fd.TASK, flags: ['creat'] })).toBe('ROFS');
    }
    create(one, 'mine', 'content');
    expect(list(other, Fd.TMP)).toEqual(['.', '..']);
    expect(list(other, Fd.ROOT)).toEqual(['.', '..', 'var', 'opt', 'tmp']);
  });

  it('may be absent: then the working directory is the root', () => {
    const guest = new Guest({ mounts: new Map() });
    expect(list(guest, 5)).toEqual(['.', '..', 'tmp']);
  });
});

describe('a host without an invocation', () => {
  it('has the preopened directories, no input, and sinks that take nothing', () => {
    const guest = new Guest();
    create(guest, 'a', 'content');
    guest.host.end();
    expect(list(guest, Fd.TMP)).toEqual(['.', '..']);
    expect(read(guest, Fd.STDIN)).toBe('');
    expect(write(guest, Fd.STDOUT, 'x')).toBe('NOSPC');
    expect(opened(guest, 'data.txt', { base: Fd.TASK, access: 'read' })).toBe(FIRST_FREE_FD);
  });
});
