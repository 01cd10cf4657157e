import type { DeliveryAttributes } from '../contract/delivery.ts';
import type { Letter } from '../contract/letter.ts';

/** A letter as it is stored: JSON, in which bytes are base64. */
export function toContent(letter: Letter): string {
  const { delivery, deadLetter } = letter;
  return JSON.stringify({
    ...letter,
    delivery: { ...delivery, attributes: toText(delivery.attributes) },
    ...(deadLetter === undefined ? {} : { deadLetter: { ...deadLetter, attributes: toText(deadLetter.attributes) } }),
  });
}

export function fromContent(content: string): Letter {
  return JSON.parse(content, (name, value: unknown) =>
    name === 'BinaryValue' && typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value,
  ) as Letter;
}

function toText(attributes: DeliveryAttributes | undefined): unknown {
  if (attributes === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { BinaryValue, ...attribute }]) => [
      name,
      BinaryValue === undefined
        ? attribute
        : { ...attribute, BinaryValue: Buffer.from(BinaryValue).toString('base64') },
    ]),
  );
}
