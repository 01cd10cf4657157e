import { LambdaError } from '../contract/errors.ts';

/**
 * Collects what is wrong with a request and throws it all at once, in the words of Lambda's shape validation:
 * `2 validation errors detected: Value 'x' at 'timeout' failed to satisfy constraint: ...; Value ...`.
 * Members are named as Lambda names them: in camel case, nested ones with dots.
 */
export class Constraints {
  readonly #violations: string[] = [];

  violated(member: string, value: unknown, constraint: string): void {
    const shown = value === undefined || value === null ? 'null' : `'${cut(String(value))}'`;
    this.#violations.push(`Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`);
  }

  /** For members whose values are secret. */
  violatedUnseen(member: string, constraint: string): void {
    this.#violations.push(`Value at '${member}' failed to satisfy constraint: ${constraint}`);
  }

  required(member: string, value: unknown): void {
    if (value === undefined) this.violated(member, value, 'Member must not be null');
  }

  matches(member: string, value: string | undefined, pattern: RegExp, shown: string = pattern.source): void {
    if (value === undefined || pattern.test(value)) return;
    this.violated(member, value, `Member must satisfy regular expression pattern: ${shown}`);
  }

  length(member: string, value: string | undefined, bounds: { readonly min?: number; readonly max: number }): void {
    if (value === undefined) return;
    if (value.length > bounds.max) {
      this.violated(member, value, `Member must have length less than or equal to ${bounds.max}`);
    }
    if (value.length < (bounds.min ?? 0)) {
      this.violated(member, value, `Member must have length greater than or equal to ${bounds.min}`);
    }
  }

  range(member: string, value: number | undefined, bounds: { readonly min: number; readonly max: number }): void {
    if (value === undefined) return;
    if (value > bounds.max) {
      this.violated(member, value, `Member must have value less than or equal to ${bounds.max}`);
    }
    if (value < bounds.min) {
      this.violated(member, value, `Member must have value greater than or equal to ${bounds.min}`);
    }
  }

  /** Answers the value when it is one of `choices`. */
  oneOf<T extends string>(member: string, value: string | undefined, choices: readonly T[]): T | undefined {
    const found = choices.find((choice) => choice === value);
    if (value !== undefined && found === undefined) {
      this.violated(member, value, `Member must satisfy enum value set: [${choices.join(', ')}]`);
    }
    return found;
  }

  assertSatisfied(): void {
    const count = this.#violations.length;
    if (count === 0) return;
    const errors = count === 1 ? 'error' : 'errors';
    throw new LambdaError(
      'ValidationException',
      `${count} validation ${errors} detected: ${this.#violations.join('; ')}`,
    );
  }
}

function cut(value: string): string {
  return value.length > 256 ? `${value.slice(0, 256)}...` : value;
}
