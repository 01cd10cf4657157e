import { isJsonObject, type JsonObject } from '../contract/json.ts';
/** What a value that holds no others is. */
export type Leaf = string | number | boolean | null;

/** What a leaf may be. */
export type Test = (leaf: Leaf) => boolean;

/** What a member may be: matched by any of its leaves that passes any test. */
export interface Leaves {
  readonly tests: readonly Test[];
  /** A member without leaves matches. */
  readonly absent: boolean;
}

/**
 * What an object must be like to match: every member and of every `$or` one alternative. An array stands for its elements, each
 * by itself: one of them must match as a whole.
 */
export interface Pattern {
  readonly leaves: ReadonlyMap<string, Leaves>;
  readonly inner: ReadonlyMap<string, Pattern>;
  readonly alternatives: readonly (readonly Pattern[])[];
}

/** True when a JSON value matches. */
export function matches(pattern: Pattern, value: unknown): boolean {
  const objects = partsOf(value).filter(isJsonObject);
  return objects.length === 0 ? matchesObject(pattern, {}) : objects.some((each) => matchesObject(pattern, each));
}

function matchesObject({ leaves, inner, alternatives }: Pattern, members: JsonObject): boolean {
  for (const [name, wanted] of leaves) if (!matchesLeaves(wanted, memberOf(members, name))) return false;
  for (const [name, wanted] of inner) if (!matches(wanted, memberOf(members, name))) return false;
  return alternatives.every((patterns) => patterns.some((pattern) => matchesObject(pattern, members)));
}

function matchesLeaves({ tests, absent }: Leaves, value: unknown): boolean {
  let hasLeaf = false;
  for (const part of partsOf(value)) {
    if (!isLeaf(part)) continue;
    hasLeaf = true;
    for (const test of tests) if (test(part)) return true;
  }
  return !hasLeaf && absent;
}

function memberOf(members: JsonObject, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** What arrays were found to hold: the patterns of all rules ask for the same. */
const KNOWN_PARTS = new WeakMap<readonly unknown[], readonly unknown[]>();

/** The value itself, or what is in it that is no array; arrays may lie in each other as deep as they like. */
function partsOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [value];
  const known = KNOWN_PARTS.get(value) ?? flatten(value);
  KNOWN_PARTS.set(value, known);
  return known;
}

function flatten(value: readonly unknown[]): readonly unknown[] {
  const parts: unknown[] = [];
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) for (let at = next.length - 1; at >= 0; at--) waiting.push(next[at]);
    else parts.push(next);
  }
  return parts;
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || (typeof value !== 'object' && value !== undefined);
}
