import { isJsonObject } from '../contract/json.ts';
import { invalid } from './call-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The head of a guest's call: its members, each to be asked for with the type that it must have. */
export class Head {
  readonly #members: Readonly<Record<string, unknown>>;

  constructor(members: Readonly<Record<string, unknown>>) {
    this.#members = members;
  }

  /** Undefined when absent or null. */
  member(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? (this.#members[name] ?? undefined) : undefined;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw invalid(`"${name}" is missing.`);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.member(name);
    if (value !== undefined && typeof value !== 'string') throw invalid(`"${name}" must be a string.`);
    if (value !== undefined && !isWellFormed(value)) throw invalid(`"${name}" holds half of a surrogate pair.`);
    return value;
  }

  optionalInteger(name: string, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.member(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw invalid(`"${name}" must be a whole number from ${min} to ${max}.`);
    }
    return value;
  }
}

/** Throws a CallError for bytes that are no JSON object. */
export function parseHead(bytes: Uint8Array): Head {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    throw invalid('The head of the call is not JSON.');
  }
  if (!isJsonObject(value)) throw invalid('The head must be an object.');
  return new Head(value);
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
