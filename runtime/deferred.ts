/** What a part of the house that is opened does in the end. */
export interface Part {
  /** Ends what waits for something to come. */
  drain?(): Promise<void> | void;
  close(): Promise<void> | void;
}

/** What `make` makes when it is first asked for, and again after that failed. */
export function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** A part of the house that is loaded and opened when it is first asked for, and again after that failed. */
export class Deferred<Opened extends Part> {
  readonly #open: () => Promise<Opened>;
  #opened: Promise<Opened> | undefined;

  constructor(open: () => Promise<Opened>) {
    this.#open = open;
  }

  readonly get = (): Promise<Opened> => {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  };

  /** Nothing for what nobody has asked for. */
  async drain(): Promise<void> {
    await (await this.#opened)?.drain?.();
  }

  async close(): Promise<void> {
    await (await this.#opened)?.close();
  }
}

/** Done by what `open` makes when it is first asked for, and again after that failed. */
export function deferred<Asked extends readonly unknown[], Answer>(
  open: () => Promise<(...asked: Asked) => Promise<Answer>>,
): (...asked: Asked) => Promise<Answer> {
  const opened = once(open);
  return async (...asked) => (await opened())(...asked);
}
