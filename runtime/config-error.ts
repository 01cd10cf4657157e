/** A setting that cannot be used; the message says which, why, and what would do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
