import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process has of the machine. */
export interface Vitals {
  readonly residentBytes: number;
  readonly threads: number;
  readonly sockets: number;
  /** Descriptors of all kinds but images: one of these stays with every function that is used. */
  readonly descriptors: number;
}

/** Reads them where the system shows them, on Linux; undefined elsewhere. */
export function readVitals(pid: number): Vitals | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const numberOf = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const open = readdirSync(`/proc/${pid}/fd`).map((descriptor) => nameOf(`/proc/${pid}/fd/${descriptor}`));
  const descriptors = open.filter((name) => name !== '' && !name.includes('isola-image'));
  return {
    residentBytes: numberOf('VmRSS') * 1024,
    threads: numberOf('Threads'),
    sockets: descriptors.filter((name) => name.startsWith('socket:')).length,
    descriptors: descriptors.length,
  };
}

/** Empty when it was closed meanwhile. */
function nameOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

/** What Linux counts in: hundredths of a second. */
const TICK_MS = 10;

/** How long a process's main thread has computed, in milliseconds; 0 where the system does not tell. */
export function readMainThreadMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
}
