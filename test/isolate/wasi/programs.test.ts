import { describe, expect, it } from 'vitest';
import { Program } from './program.ts';

describe('a C program', () => {
  it('reads its event from stdin, answers on stdout and logs on stderr', () => {
    const run = new Program('stdio').run({ stdin: '{"name":"isola"}' });
    expect(run).toMatchObject({ code: 0, stdout: '{"NAME":"ISOLA"}', stderr: 'read 16 bytes\n' });
  });

  it('reads an event larger than its buffers', () => {
    const stdin = 'abcdefgh'.repeat(100_000);
    const run = new Program('stdio').run({ stdin });
    expect(run.stdout).toBe(stdin.toUpperCase());
    expect(run.stderr).toBe('read 800000 bytes\n');
  });

  it('works with files in /tmp as POSIX says', () => {
    const run = new Program('tmp-files').run();
    expect(run.stdout.split('\n')).toEqual([
      '/tmp/a.txt: ONE',
      '/tmp/a.txt: two',
      '/tmp/a.txt: three',
      '/tmp/a.txt: No such file or directory',
      '/tmp/dir/b.txt: ONE',
      '/tmp/dir/b.txt: two',
      '/tmp/dir/b.txt: three',
      'rmdir: Directory not empty',
      'unlinked: 14 bytes, 0 links, two',
      '/tmp/dir/c.txt: through a link',
      'escape: Operation not permitted',
      '',
    ]);
    expect(run.code).toBe(0);
  });

  it('finds nothing in /tmp of the run before', () => {
    const program = new Program('tmp-files');
    const first = program.run();
    expect(program.run()).toEqual(first);
    expect(first.code).toBe(0);
  });

  it('lists directories', () => {
    const run = new Program('list-directory').run({ args: ['/var/task', '.', '/opt', '/tmp', '/nowhere'] });
    expect(run.stdout.trim().split('\n')).toEqual([
      '/var/task/bootstrap.wasm 3',
      '/var/task/data.txt 16',
      '/var/task/config/',
      './bootstrap.wasm 3',
      './data.txt 16',
      './config/',
      '/opt/layer.txt 12',
      '/nowhere: No such file or directory',
    ]);
  });

  it('sees arguments, environment, package and layers, and cannot write to them', () => {
    const run = new Program('environment').run({ args: ['two words', 'é'], env: { GREETING: 'ciao', EMPTY: '' } });
    expect(run.stdout.trim().split('\n')).toEqual([
      'arg program',
      'arg two words',
      'arg é',
      'GREETING ciao',
      '/var/task/data.txt: from the package',
      'data.txt: from the package',
      './config/settings.json: {"depth":2}',
      '/opt/layer.txt: from a layer',
      '/etc/passwd: No such file or directory',
      'write: Read-only file system',
    ]);
  });

  it('sleeps in the host, once, for as long as it asked', () => {
    const run = new Program('sleep').run();
    expect(run.slept).toEqual([250_000_000n]);
    expect(run.stdout).toBe('slept 250 ms, poll 1\n');
  });

  it.each([0, 1, 42, 255])('ends with code %i and its buffers flushed', (code) => {
    expect(new Program('exit-code').run({ args: [String(code)] })).toMatchObject({ code, stdout: 'ending\n' });
  });

  it('that is greedy meets an errno at every bound', () => {
    const run = new Program('greedy').run();
    expect(run.stdout.trim().split('\n')).toEqual([
      'ftruncate: File too large',
      'pwrite: File too large',
      'posix_fallocate: File too large',
      'write: No space left on device after 1048576',
      'open: No file descriptors available after about a thousand',
    ]);
  });

  it('burns the same fuel for the same event', () => {
    const program = new Program('tmp-files');
    expect(program.run().fuel).toBe(program.run().fuel);
    expect(program.run().fuel).toBeGreaterThan(10_000);
  });
});
