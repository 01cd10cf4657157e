/** The module uses something the rewriter does not take, or is malformed. The message names what, and the byte offset. */
export class WasmRefused extends Error {
  override readonly name = 'WasmRefused';
  /** Byte offset in the module as given. */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} (at byte ${offset})`);
    this.offset = offset;
  }
}
