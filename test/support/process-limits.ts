import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** True where limits of a running process can be changed: on Linux with util-linux. */
export const CAN_LIMIT: boolean =
  process.platform === 'linux' && spawnSync('prlimit', ['--version'], { stdio: 'ignore' }).status === 0;

/** Changes a soft limit of a running process: files that it may have open, or the bytes that any file may grow to. */
export function limitProcess(pid: number, resource: 'nofile' | 'fsize', soft: number | 'unlimited'): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--${resource}=${soft}:`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

/** Descriptors that a process has open. */
export function countDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
