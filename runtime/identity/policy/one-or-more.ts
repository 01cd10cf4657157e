import type { OneOrMore } from '../../contract/policy-document.ts';

/** What IAM's JSON writes as one value or as a list, always as a list. */
export function toList<T>(value: OneOrMore<T>): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
