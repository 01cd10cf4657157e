/** A value as the Query protocol writes it: lists become `member` elements, what is undefined is left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | Repeated
  | { readonly [name: string]: XmlValue };

/** A list whose elements stand beside each other, each under the list's own name. */
export class Repeated {
  readonly values: readonly XmlValue[];

  constructor(values: readonly XmlValue[]) {
    this.values = values;
  }
}

export function toXml(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Repeated) return value.values.map((each) => toXml(name, each)).join('');
  return `<${name}>${toContent(value)}</${name}>`;
}

function toContent(value: XmlValue): string {
  if (typeof value !== 'object') return toText(String(value));
  if (Array.isArray(value)) return value.map((each: XmlValue) => toXml('member', each)).join('');
  return Object.entries(value)
    .map(([name, each]) => toXml(name, each))
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML has no way at all to say most control characters; a mark stands in for them. */
function toText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what XML cannot say
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
      .replaceAll('\r', '&#13;')
  );
}
