/** What a member of a request or an answer is like, as a service's model says it. The names are those that the Query protocol writes. */
export type Shape = Text | Whole | Decimal | Flag | Bytes | List<unknown> | Mapping<unknown> | Structure;

/** `type` is never there: it carries the type of the values. */
interface Typed<Value> {
  readonly type?: Value;
}

/** What a value of the shape is in here. */
export type Of<S extends Typed<unknown>> = NonNullable<S['type']>;

export interface Text extends Typed<string> {
  readonly kind: 'text';
}
/** A whole number. */
export interface Whole extends Typed<number> {
  readonly kind: 'whole';
}
/** A number that may have a fraction. */
export interface Decimal extends Typed<number> {
  readonly kind: 'decimal';
}
export interface Flag extends Typed<boolean> {
  readonly kind: 'flag';
}
/** Base64 on the wire. */
export interface Bytes extends Typed<Uint8Array> {
  readonly kind: 'bytes';
}
/** `Item.1`, `Item.2` in a form; elements `Item` beside each other in XML. In a frame, the member's name is around them. */
export interface List<Item> extends Typed<readonly Item[]> {
  readonly kind: 'list';
  readonly item: Shape;
  readonly itemName: string;
  readonly isFramed?: true;
}
/** `Entry.1.Name` and `Entry.1.Value` in a form; elements `Entry` beside each other in XML. In a frame, the member's name is around them. */
export interface Mapping<Value> extends Typed<Readonly<Record<string, Value>>> {
  readonly kind: 'map';
  readonly value: Shape;
  readonly entryName: string;
  readonly keyName: string;
  readonly valueName: string;
  readonly isFramed?: true;
}
/** Every member may be absent. */
export interface Structure<Members = unknown> extends Typed<Members> {
  readonly kind: 'structure';
  readonly members: Readonly<Record<string, Shape>>;
}

export const TEXT: Text = { kind: 'text' };
export const WHOLE: Whole = { kind: 'whole' };
export const DECIMAL: Decimal = { kind: 'decimal' };
export const FLAG: Flag = { kind: 'flag' };
export const BYTES: Bytes = { kind: 'bytes' };

export function listOf<Item extends Shape>(item: Item, itemName: string): List<Of<Item>> {
  return { kind: 'list', item, itemName };
}

export function mapOf<Value extends Shape>(
  value: Value,
  entryName: string,
  [keyName, valueName]: readonly [string, string] = ['Name', 'Value'],
): Mapping<Of<Value>> {
  return { kind: 'map', value, entryName, keyName, valueName };
}

/** `Items.member.1` in a form, as services have lists that were not made for it. */
export function framedListOf<Item extends Shape>(item: Item): List<Of<Item>> {
  return { kind: 'list', item, itemName: 'member', isFramed: true };
}

/** `Map.entry.1.key` and `Map.entry.1.value` in a form. */
export function framedMapOf<Value extends Shape>(
  value: Value,
  [keyName, valueName]: readonly [string, string] = ['key', 'value'],
): Mapping<Of<Value>> {
  return { kind: 'map', value, entryName: 'entry', keyName, valueName, isFramed: true };
}

export function structure<Members extends Readonly<Record<string, Shape>>>(
  members: Members,
): Structure<{ readonly [Name in keyof Members]?: Of<Members[Name]> | undefined }> {
  return { kind: 'structure', members };
}
