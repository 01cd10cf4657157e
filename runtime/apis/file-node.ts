import { isJsonObject } from '../contract/json.ts';
/** Why a file of routes cannot be used: where, and what is wrong there. */
export class RoutesFileError extends Error {
  override readonly name = 'RoutesFileError';
}

/** A value in the operator's file, which knows where it stands. Methods throw RoutesFileErrors. */
export class FileNode {
  readonly value: unknown;
  readonly where: string;

  constructor(value: unknown, where: string) {
    this.value = value;
    this.where = where;
  }

  get isText(): boolean {
    return typeof this.value === 'string';
  }

  refuse(why: string): RoutesFileError {
    return new RoutesFileError(`${this.where}: ${why}.`.replace(/\.\.$/, '.'));
  }

  /** Throws for a member that nobody reads. */
  assertOnly(...names: readonly string[]): void {
    const odd = Object.keys(this.#object()).find((name) => !names.includes(name));
    if (odd !== undefined)
      throw this.refuse(`${JSON.stringify(odd)} is none of its members, which are ${names.join(', ')}`);
  }

  member(name: string): FileNode {
    const found = this.find(name);
    if (found === undefined) throw this.refuse(`it needs ${JSON.stringify(name)}`);
    return found;
  }

  find(name: string): FileNode | undefined {
    const object = this.#object();
    return Object.hasOwn(object, name) ? new FileNode(object[name], `${this.where}.${name}`) : undefined;
  }

  entries(): readonly (readonly [string, FileNode])[] {
    return Object.entries(this.#object()).map(([name, value]) => [name, new FileNode(value, `${this.where}.${name}`)]);
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.refuse('it must be a text');
    return this.value;
  }

  texts(): readonly string[] {
    const { value } = this;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw this.refuse('it must be a list of texts');
  }

  textMap(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.entries().map(([name, node]) => [name, node.text()]));
  }

  number(): number {
    if (typeof this.value !== 'number') throw this.refuse('it must be a number');
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.refuse('it must be true or false');
    return this.value;
  }

  #object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (!isJsonObject(value)) throw this.refuse('it must be an object');
    return value;
  }
}
