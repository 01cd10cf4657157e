import { badRequest } from './api-error.ts';

/** What a caller gave, member by member; what is not there was not said. */
export type Given<Members> = { readonly [Name in keyof Members]?: Members[Name] | undefined };

/** Throws unless a text that was given has a length that is allowed. */
export function assertLength(
  member: string,
  text: string | undefined,
  { min = 0, max }: { min?: number; max: number },
): void {
  if (text !== undefined && (text.length < min || text.length > max)) {
    throw badRequest(`Invalid ${member}: it must have ${min} to ${max} characters.`);
  }
}

export function assertRange(
  member: string,
  value: number | undefined,
  { min, max }: { min: number; max: number },
): void {
  if (value !== undefined && !(value >= min && value <= max)) {
    throw badRequest(`Invalid ${member}: it must be from ${min} to ${max}.`);
  }
}

/** The value, if it is one of those that there are. */
export function choose<Choice extends string>(
  member: string,
  value: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined;
  const chosen = choices.find((each) => each === value);
  if (chosen === undefined) throw badRequest(`Invalid ${member}: it must be one of ${choices.join(', ')}.`);
  return chosen;
}

export function required<Value>(member: string, value: Value | undefined): Value {
  if (value === undefined || value === '') throw badRequest(`${member} is a required parameter`);
  return value;
}

/** Throws for members that API Gateway knows and this house does not serve: to keep quiet would be to lie. */
export function refuseUnserved(members: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(members)) {
    const says = Array.isArray(value) ? value.length > 0 : Object.keys(Object(value)).length > 0;
    if (value === undefined || value === false || value === '' || (typeof value === 'object' && !says)) continue;
    throw badRequest(`${name} is not supported here.`);
  }
}

/** Without the members that are undefined. */
export function present<T extends object>(members: T): { readonly [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
