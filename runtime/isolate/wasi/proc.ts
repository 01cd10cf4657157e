import { Errno, fail } from './errno.ts';
import { ProcExit } from './proc-exit.ts';
import type { Bodies, World } from './world.ts';

/** `proc_*` and `sched_yield`. There are no signals, and nobody to yield to. */
export const createProc = ({ exit }: World): Bodies => ({
  proc_exit: (code: number) => exit(new ProcExit(code >>> 0)),
  proc_raise: (_signal: number) => fail(Errno.NOTSUP),
  sched_yield: () => {},
});
