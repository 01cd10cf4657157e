import { isJsonObject } from '../../contract/json.ts';
import { hasTooManyValues } from './has-too-many-values.ts';
import type { Input } from './service.ts';
import type { Shape, Structure } from './shape.ts';

/** The request's body is not what the operation's model says. */
export class SerializationError extends Error {
  override readonly name = 'SerializationError';
}

/** No list and no map of any operation has more: 10,000 log events, some dozens of attributes or tags. */
const MOST_ITEMS = 10_000;
const MOST_ENTRIES = 1_000;

/** Reads a JSON body as a structure. Members that the model does not know are left out, null is absent. Throws a SerializationError. */
export function parseInput(shape: Structure, body: Uint8Array): Input {
  if (body.length === 0) return {};
  if (hasTooManyValues(body)) throw new SerializationError('The request body holds too many values.');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new SerializationError('The request body is not JSON.');
  }
  return parse(shape, value, 'The request body') as Input;
}

function parse(shape: Shape, value: unknown, where: string): unknown {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' ? value : refuse(where, 'a string');
    case 'whole':
      return Number.isSafeInteger(value) ? value : refuse(where, 'a whole number');
    case 'decimal':
      return typeof value === 'number' && Number.isFinite(value) ? value : refuse(where, 'a number');
    case 'flag':
      return typeof value === 'boolean' ? value : refuse(where, 'true or false');
    case 'bytes':
      return typeof value === 'string' ? (parseBase64(value) ?? refuse(where, 'base64')) : refuse(where, 'a string');
    case 'list':
      if (!Array.isArray(value)) return refuse(where, 'a list');
      if (value.length > MOST_ITEMS) return refuse(where, `a list of ${MOST_ITEMS} items at the most`);
      return value.map((item) => parse(shape.item, item, `An item of ${where}`));
    case 'map':
      if (!isJsonObject(value)) return refuse(where, 'an object');
      if (Object.keys(value).length > MOST_ENTRIES) return refuse(where, `of ${MOST_ENTRIES} members at the most`);
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, each]) => each !== null)
          .map(([key, each]) => [key, parse(shape.value, each, `A value of ${where}`)]),
      );
    case 'structure':
      if (!isJsonObject(value)) return refuse(where, 'an object');
      return Object.fromEntries(
        Object.entries(shape.members)
          .filter(([name]) => Object.hasOwn(value, name) && value[name] !== null)
          .map(([name, member]) => [name, parse(member, value[name], name)]),
      );
  }
}

/** Undefined for what is no base64; padding may be left out. */
export function parseBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function refuse(where: string, kind: string): never {
  throw new SerializationError(`${where} must be ${kind}.`);
}
