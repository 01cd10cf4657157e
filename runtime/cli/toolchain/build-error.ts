/** A project that cannot be built; the message says what is wrong, where, and what would do. For people. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}
