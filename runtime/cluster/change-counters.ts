import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/**
 * What has changed, as numbers in a file that all processes of a data directory have open: one for everything, one for
 * the functions whose name falls on it. A number is another one before the change is answered, and the system shows every
 * reader what was written before, so whoever reads after that answer knows. Reading costs less than a microsecond.
 *
 *     [ everything | functions | functions | ... ]   1,024 numbers of 32 bits
 */
const NUMBERS = 1_024;
const BYTES = NUMBERS * 4;
const EVERYTHING = 0;

/** The place of a function's number, by its name. */
export function toPlace(functionName: string): number {
  let hash = 0;
  for (let index = 0; index < functionName.length; index++) hash = (hash * 31 + functionName.charCodeAt(index)) | 0;
  return 1 + ((hash >>> 0) % (NUMBERS - 1));
}

/** The end of the process that makes the changes. Opening it counts as a change of everything: who knows what the last one did. */
export class ChangeWriter {
  readonly #file: number;
  readonly #numbers: Int32Array = new Int32Array(NUMBERS);

  constructor(path: string) {
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    readSync(this.#file, this.#numbers, 0, BYTES, 0);
    writeSync(this.#file, this.#numbers, 0, BYTES, 0);
    this.everything();
  }

  everything(): void {
    this.#count(EVERYTHING);
  }

  functionNamed(name: string): void {
    this.#count(toPlace(name));
  }

  close(): void {
    closeSync(this.#file);
  }

  #count(place: number): void {
    this.#numbers[place] = (this.#numbers[place] ?? 0) + 1;
    writeSync(this.#file, this.#numbers, place * 4, 4, place * 4);
  }
}

/** What the numbers were when something was asked: what was answered holds for as long as they stay so. */
export type Moment = Int32Array;

/** The end of those who keep what they were told. */
export class ChangeReader {
  readonly #file: number;
  readonly #now: Int32Array = new Int32Array(NUMBERS);

  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  /** To be taken before asking. */
  moment(): Moment {
    this.#read();
    return this.#now.slice();
  }

  /** True when nothing at all has changed since. */
  isNow(moment: Moment): boolean {
    this.#read();
    return Buffer.from(this.#now.buffer).equals(Buffer.from(moment.buffer));
  }

  /** True when nothing has changed since that concerns the functions of a place. */
  holds(moment: Moment, place: number): boolean {
    this.#read();
    return this.#now[EVERYTHING] === moment[EVERYTHING] && this.#now[place] === moment[place];
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(): void {
    readSync(this.#file, this.#now, 0, BYTES, 0);
  }
}
