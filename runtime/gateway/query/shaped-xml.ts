import type { Shape } from '../service/shape.ts';
import { Repeated, type XmlValue } from './xml.ts';

type Values = Readonly<Record<string, unknown>>;

/** A value as the Query protocol writes one of its shape. */
export function toXmlValue(shape: Shape, value: unknown): XmlValue {
  if (value === undefined) return undefined;
  switch (shape.kind) {
    case 'text':
    case 'whole':
    case 'decimal':
    case 'flag':
      return value as string | number | boolean;
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'list':
      return inFrame(
        shape,
        shape.itemName,
        (value as readonly unknown[]).map((item) => toXmlValue(shape.item, item)),
      );
    case 'map':
      return inFrame(
        shape,
        shape.entryName,
        Object.entries(value as Values).map(([key, each]) => ({
          [shape.keyName]: key,
          [shape.valueName]: toXmlValue(shape.value, each),
        })),
      );
    case 'structure':
      return Object.fromEntries(
        Object.entries(shape.members).map(([name, member]) => [
          elementOf(member) ?? name,
          toXmlValue(member, (value as Values)[name]),
        ]),
      );
  }
}

function inFrame({ isFramed }: { readonly isFramed?: true }, name: string, values: readonly XmlValue[]): XmlValue {
  return isFramed ? { [name]: new Repeated(values) } : new Repeated(values);
}

/** Lists and maps stand under the names of what is in them, unless in a frame. */
function elementOf(shape: Shape): string | undefined {
  if ((shape.kind === 'list' || shape.kind === 'map') && shape.isFramed) return undefined;
  if (shape.kind === 'list') return shape.itemName;
  return shape.kind === 'map' ? shape.entryName : undefined;
}
