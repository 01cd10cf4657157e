/** A text that is no event pattern. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  constructor(reason: string) {
    super(`Event pattern is not valid. Reason: ${reason}`);
  }
}
