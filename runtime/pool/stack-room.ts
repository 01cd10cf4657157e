const MANY: readonly number[] = new Array(8_192).fill(0);
const nothing = (): void => {};

/**
 * Throws V8's own RangeError unless 64 KiB of stack are left. Code that a guest calls at a depth of its choice begins
 * with this where it must not stop halfway.
 */
export function assertStackRoom(): void {
  Reflect.apply(nothing, undefined, MANY);
}
