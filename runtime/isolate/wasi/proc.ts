import { Errno, fail } from './errno.ts';
import type { Bodies, World } from './world.ts';

/** How a program ends by `proc_exit`. It is no Error: nothing went wrong. */
export class ProcExit {
  /** The exit code, 0 to 2^32-1. */
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** `proc_*` and `sched_yield`. There are no signals, and nobody to yield to. */
export const createProc = ({ exit }: World): Bodies => ({
  proc_exit: (code: number) => exit(new ProcExit(code >>> 0)),
  proc_raise: (_signal: number) => fail(Errno.NOTSUP),
  sched_yield: () => {},
});
