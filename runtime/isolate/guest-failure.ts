/** Ends an invocation as the function's own error: thrown around the guest's code, given to the meter from inside it. */
export class GuestFailure extends Error {
  readonly errorType: string;
  readonly trace: readonly string[] | undefined;

  constructor(errorType: string, message: string, trace?: readonly string[]) {
    super(message);
    this.errorType = errorType;
    this.trace = trace;
  }
}
