import { type JsonObject, parseJsonObject } from '../contract/json.ts';
import { matches, PatternError, parsePattern } from '../patterns/index.ts';
import type { MessageAttributes } from './message.ts';

/** What a policy is about. */
export type FilterScope = 'MessageAttributes' | 'MessageBody';

/** True of messages that a subscriber wants; `text` is what it would get. */
export interface FilterPolicy {
  matches(message: FilteredMessage, text: string): boolean;
}

/** A message as policies look at it: what they look at is read once, for all of them. */
export class FilteredMessage {
  readonly #attributes: MessageAttributes;
  #values: JsonObject | undefined;
  readonly #bodies = new Map<string, object | undefined>();

  constructor(attributes: MessageAttributes) {
    this.#attributes = attributes;
  }

  get values(): JsonObject {
    this.#values ??= toValues(this.#attributes);
    return this.#values;
  }

  /** Undefined for what is no object. */
  body(text: string): object | undefined {
    if (!this.#bodies.has(text)) this.#bodies.set(text, parseJsonObject(text));
    return this.#bodies.get(text);
  }
}

const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;

/** Reads a FilterPolicy. Throws what `refuse` makes of the reason why it is none. */
export function parseFilterPolicy(text: string, scope: FilterScope, refuse: (reason: string) => Error): FilterPolicy {
  const pattern = parse(text, refuse);
  if (scope === 'MessageAttributes' && isNested(pattern)) {
    throw refuse('Filter policy scope MessageAttributes does not support nested filter policy');
  }
  const given = JSON.parse(text) as JsonObject;
  if (countKeys(given) > MOST_KEYS) {
    throw refuse(`FilterPolicy: Filter policy can not have more than ${MOST_KEYS} keys`);
  }
  if (countCombinations(given, 1) > MOST_COMBINATIONS) throw refuse('FilterPolicy: Filter policy is too complex');
  return {
    matches(message, text) {
      if (scope === 'MessageAttributes') return matches(pattern, message.values);
      const body = message.body(text);
      return body !== undefined && matches(pattern, body);
    },
  };
}

function parse(text: string, refuse: (reason: string) => Error): ReturnType<typeof parsePattern> {
  try {
    return parsePattern(text);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw refuse(`FilterPolicy: ${error.message.replace(/^.*? Reason: /, '')}`);
  }
}

function isNested({ inner, alternatives }: ReturnType<typeof parsePattern>): boolean {
  return inner.size > 0 || alternatives.some((patterns) => patterns.some(isNested));
}

/** The keys of values, however deep they lie. */
function countKeys(given: JsonObject): number {
  return Object.entries(given).reduce((sum, [name, value]) => {
    if (name === '$or') return sum + (value as readonly JsonObject[]).reduce((keys, each) => keys + countKeys(each), 0);
    return sum + (Array.isArray(value) ? 1 : countKeys(value as JsonObject));
  }, 0);
}

/** As SNS counts: values, times how deep they lie, of one key times those of the next; alternatives add up. */
function countCombinations(given: JsonObject, depth: number): number {
  return Object.entries(given).reduce((product, [name, value]) => {
    if (name === '$or') {
      const alternatives = value as readonly JsonObject[];
      return product * alternatives.reduce((sum, each) => sum + countCombinations(each, depth), 0);
    }
    return product * (Array.isArray(value) ? value.length * depth : countCombinations(value as JsonObject, depth + 1));
  }, 1);
}

/** A value that is there, and equal to nothing. */
const UNCOMPARED = Number.NaN;

function toValues(attributes: MessageAttributes): JsonObject {
  const entries = Object.entries(attributes).map(([name, { DataType: type = '', StringValue: text = '' }]) => {
    if (type.startsWith('Binary')) return [name, UNCOMPARED];
    if (type === 'String.Array') return [name, JSON.parse(text) as unknown];
    return [name, type.startsWith('Number') ? Number(text) : text];
  });
  return Object.fromEntries(entries);
}
