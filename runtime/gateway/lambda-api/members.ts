import { LambdaError } from '../../contract/errors.ts';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { hasTooManyValues } from '../service/has-too-many-values.ts';
import type { ApiRequest } from './operation.ts';

/** Members of a JSON object by name and type. Absent and null are the same; another type is the caller's mistake. */
export class Members {
  readonly #object: JsonObject;
  readonly #path: string;

  constructor(object: JsonObject, path: string = '') {
    this.#object = object;
    this.#path = path;
  }

  /** Any value, unread. */
  raw(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? (this.#object[name] ?? undefined) : undefined;
  }

  text(name: string): string | undefined {
    return this.#typed(name, 'a string', (value) => typeof value === 'string') as string | undefined;
  }

  integer(name: string): number | undefined {
    return this.#typed(name, 'a whole number', Number.isSafeInteger) as number | undefined;
  }

  number(name: string): number | undefined {
    return this.#typed(name, 'a number', Number.isFinite) as number | undefined;
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, 'true or false', (value) => typeof value === 'boolean') as boolean | undefined;
  }

  texts(name: string): readonly string[] | undefined {
    const isTexts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string');
    return this.#typed(name, 'a list of strings', isTexts) as readonly string[] | undefined;
  }

  /** A list of nested objects. */
  list(name: string): readonly Members[] | undefined {
    const isList = (value: unknown) => Array.isArray(value) && value.every(isJsonObject);
    const items = this.#typed(name, 'a list of objects', isList) as readonly JsonObject[] | undefined;
    return items?.map((item) => new Members(item, `${this.#path}${name}.`));
  }

  textMap(name: string): Readonly<Record<string, string>> | undefined {
    const isMap = (value: unknown) =>
      isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string');
    return this.#typed(name, 'a map of strings', isMap) as Readonly<Record<string, string>> | undefined;
  }

  numberMap(name: string): Readonly<Record<string, number>> | undefined {
    const isMap = (value: unknown) => isJsonObject(value) && Object.values(value).every(Number.isFinite);
    return this.#typed(name, 'a map of numbers', isMap) as Readonly<Record<string, number>> | undefined;
  }

  /** A nested object; one without members when absent. */
  nested(name: string): Members {
    const value = this.#typed(name, 'an object', isJsonObject) as JsonObject | undefined;
    return new Members(value ?? {}, `${this.#path}${name}.`);
  }

  #typed(name: string, kind: string, is: (value: unknown) => boolean): unknown {
    const value = this.raw(name);
    if (value !== undefined && !is(value)) throw unparsable(`${this.#path}${name} must be ${kind}`);
    return value;
  }
}

const parsed = new WeakMap<ApiRequest, Members>();

/** The request's body as a JSON object; an empty body is an empty object. It is parsed once, whoever asks. */
export function parseMembers(request: ApiRequest): Members {
  const members = parsed.get(request) ?? parseBody(request);
  parsed.set(request, members);
  return members;
}

function parseBody(request: ApiRequest): Members {
  if (request.body.length === 0) return new Members({});
  if (hasTooManyValues(request.body)) throw unparsable('it holds too many values');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch (error) {
    throw unparsable((error as Error).message.slice(0, 200));
  }
  if (!isJsonObject(value)) throw unparsable('the body must be an object');
  return new Members(value);
}

/** True for null, "", false, [] and {}, and for what holds nothing else: how clients say "not this". */
export function isEmpty(value: unknown): boolean {
  // A list of what is left to look at, as a client may nest deeper than calls can.
  const left = [value];
  for (const each of left) {
    if (each === undefined || each === null || each === '' || each === false) continue;
    if (typeof each !== 'object') return false;
    for (const item of Object.values(each)) left.push(item);
  }
  return true;
}

function unparsable(detail: string): LambdaError {
  return new LambdaError('InvalidRequestContentException', `Could not parse request body into json: ${detail}`);
}
