import { readFileSync } from 'node:fs';

/** Memory of this process, in KiB. */
export interface Resident {
  /** Everything resident; a page of a shared image counts once for every isolate that has read it. */
  readonly rss: number;
  /** Pages that no file or image backs: what is written. */
  readonly anonymous: number;
  /** The kernel's page tables, which nobody's RSS shows. */
  readonly pageTables: number;
}

/** From Linux's /proc; elsewhere only `rss` is known and the others are NaN. */
export function readResident(): Resident {
  const rss = process.memoryUsage.rss() / 1024;
  try {
    const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
    const status = readFileSync('/proc/self/status', 'utf8');
    return { rss, anonymous: fieldOf(rollup, 'Anonymous'), pageTables: fieldOf(status, 'VmPTE') };
  } catch {
    return { rss, anonymous: Number.NaN, pageTables: Number.NaN };
  }
}

/** Everything resident of a process, in MiB; NaN where there is no /proc. */
export function readResidentMib(pid: number): number {
  try {
    return fieldOf(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS') / 1024;
  } catch {
    return Number.NaN;
  }
}

/** A process and those that it has started; itself alone where there is no /proc. */
export function processesOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
  } catch {
    return [pid];
  }
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** Processor time that a process has used, all its threads together, in milliseconds; NaN where there is no /proc. */
export function readProcessorMs(pid: number): number {
  return readStatMs(`/proc/${pid}/stat`);
}

/** That of its main thread alone. */
export function readMainThreadMs(pid: number): number {
  return readStatMs(`/proc/${pid}/task/${pid}/stat`);
}

function readStatMs(file: string): number {
  try {
    const stat = readFileSync(file, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}

function fieldOf(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN);
}
