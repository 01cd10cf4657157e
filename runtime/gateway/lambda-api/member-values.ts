import type { Constraints } from '../../registry/constraints.ts';
import type { Members } from './members.ts';

/** What is left of `T` when members that are undefined are left out. */
export type Present<T> = {
  readonly [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>;
} & {
  readonly [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name];
};

/** What `parse` makes of a nested object, without members that are absent; undefined when it is not there. */
export function nested<T extends object>(
  members: Members,
  name: string,
  parse: (nested: Members) => T,
): Present<T> | undefined {
  return members.raw(name) === undefined ? undefined : present(parse(members.nested(name)));
}

export function bounded(members: Members, constraints: Constraints, name: string, max: number): string | undefined {
  const value = members.text(name);
  constraints.length(toMember(name), value, { min: 1, max });
  return value;
}

export function texts(
  members: Members,
  constraints: Constraints,
  name: string,
  most: { readonly items: number; readonly length: number },
): readonly string[] | undefined {
  const items = members.texts(name);
  if (items === undefined) return undefined;
  if (items.length === 0) {
    constraints.violated(toMember(name), '[]', 'Member must have length greater than or equal to 1');
  }
  assertItems(constraints, toMember(name), items, most.items);
  for (const item of items.slice(0, most.items)) constraints.length(toMember(name), item, { min: 1, max: most.length });
  return items;
}

export function choices(
  members: Members,
  constraints: Constraints,
  name: string,
  of: readonly string[],
): readonly string[] | undefined {
  const items = members.texts(name);
  if (items === undefined) return undefined;
  assertItems(constraints, toMember(name), items, of.length);
  for (const item of items.slice(0, of.length)) constraints.oneOf(toMember(name), item, of);
  return items;
}

export function assertItems(constraints: Constraints, member: string, items: readonly unknown[], most: number): void {
  if (items.length <= most) return;
  constraints.violated(member, `${items.length} items`, `Member must have length less than or equal to ${most}`);
}

export function toMember(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Without the members that are undefined. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
