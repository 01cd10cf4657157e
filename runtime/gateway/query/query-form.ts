import { Constraints } from '../../registry/constraints.ts';

const MOST_MEMBERS = 100;

/** A request's parameters by name. Constraints are told of members as AWS names them, and thrown by `assertSatisfied`. */
export class QueryForm {
  readonly parameters: URLSearchParams;
  readonly constraints: Constraints = new Constraints();

  constructor(parameters: URLSearchParams) {
    this.parameters = parameters;
  }

  /** Absent and empty are the same. */
  text(name: string): string | undefined {
    return this.parameters.get(name) || undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    this.constraints.required(toMember(name), value);
    return value ?? '';
  }

  /** A name that is required, of the characters and of the length that IAM allows. */
  name(name: string, longest: number = 64): string {
    const value = this.required(name);
    this.#checkName(name, value, longest);
    return value;
  }

  optionalName(name: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined) this.#checkName(name, value, 64);
    return value;
  }

  path(name: string = 'Path'): string {
    const value = this.text(name) ?? '/';
    this.constraints.length(toMember(name), value, { max: 512 });
    const shown = '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)';
    this.constraints.matches(toMember(name), value, /^\/(?:[\u0021-\u007e]+\/)?$/, shown);
    return value;
  }

  integer(name: string, bounds: { readonly min: number; readonly max: number; readonly otherwise: number }): number {
    const value = this.text(name);
    if (value === undefined) return bounds.otherwise;
    this.constraints.matches(toMember(name), value, /^\d{1,9}$/, '[0-9]+');
    const number = Number(value);
    if (/^\d{1,9}$/.test(value)) this.constraints.range(toMember(name), number, bounds);
    return number;
  }

  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true';
  }

  /** `Tags.member.1.Key`, `Tags.member.1.Value`, and so on. */
  tags(): Readonly<Record<string, string>> {
    const tags: [string, string][] = [];
    for (let at = 1; at <= MOST_MEMBERS; at += 1) {
      const key = this.parameters.get(`Tags.member.${at}.Key`);
      if (key === null) break;
      tags.push([key, this.parameters.get(`Tags.member.${at}.Value`) ?? '']);
    }
    for (const [key, value] of tags) {
      this.constraints.length('tags', key, { min: 1, max: 128 });
      this.constraints.length('tags', value, { max: 256 });
    }
    return Object.fromEntries(tags);
  }

  /** `TagKeys.member.1` and so on. */
  list(name: string): readonly string[] {
    const values: string[] = [];
    for (let at = 1; at <= MOST_MEMBERS; at += 1) {
      const value = this.parameters.get(`${name}.member.${at}`);
      if (value === null) break;
      values.push(value);
    }
    return values;
  }

  #checkName(name: string, value: string, longest: number): void {
    this.constraints.length(toMember(name), value, { max: longest });
    this.constraints.matches(toMember(name), value, /^[\w+=,.@-]+$/, '[\\w+=,.@-]+');
  }
}

function toMember(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
