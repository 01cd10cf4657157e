/** A file in the making; nobody can read it yet. */
export interface ObjectWriter {
  /** Its name. */
  readonly file: string;
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when it can be read, and survives a crash. */
  finish(): Promise<void>;
  /** Forgets what was written; does nothing after `finish`. */
  discard(): Promise<void>;
}

/** A file that is open: it can be read to its end, whoever removes it. */
export interface ObjectReader {
  /** At most `length` bytes from `at` on; fewer only at its end. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Files that objects are in: written once, read in parts. Names are never given again. Throws StorageErrors. */
export interface ObjectFiles {
  create(): Promise<ObjectWriter>;
  /** Undefined when there is no such file. */
  open(file: string): Promise<ObjectReader | undefined>;
  remove(file: string): Promise<void>;
  /** Removes all but these, and what was never finished; to be called before anything is created. Answers how many went. */
  sweep(keep: ReadonlySet<string>): Promise<number>;
}
