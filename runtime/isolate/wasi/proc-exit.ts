/** How a program ends by `proc_exit`. It is no Error: nothing went wrong. */
export class ProcExit {
  /** The exit code, 0 to 2^32-1. */
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}
