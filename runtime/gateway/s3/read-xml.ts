import { BucketError } from '../../buckets/index.ts';

/** An element: its text, or the elements in it. Attributes and prefixes are left out. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const MOST_ELEMENTS = 20_000;
const MOST_DEPTH = 16;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w.:-]+)\s*>|<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/** Reads a document. Throws a MalformedXML for what is none, has a document type, or is larger or deeper than any request. */
export function readXml(bytes: Uint8Array): XmlElement {
  const source = decode(bytes);
  const root: Draft = { name: '', text: '', children: [] };
  const open: Draft[] = [root];
  let count = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const token = TOKEN.exec(source);
    const top = open.at(-1);
    if (token === null || top === undefined) throw malformed();
    const [, cdata, closed, opened, , empty, text] = token;
    if (opened !== undefined) {
      const element: Draft = { name: opened, text: '', children: [] };
      top.children.push(element);
      if (empty !== '/') open.push(element);
      if (++count > MOST_ELEMENTS || open.length > MOST_DEPTH) throw malformed();
    } else if (closed !== undefined) {
      if (open.length === 1 || top.name !== closed) throw malformed();
      open.pop();
    } else if (text !== undefined) top.text += resolveEntities(text);
    else top.text += cdata ?? '';
  }
  const [element] = root.children;
  if (open.length > 1 || root.children.length !== 1 || element === undefined || root.text.trim() !== '')
    throw malformed();
  return withoutPrefixes(element);
}

/** The elements of that name which stand in another. */
export function childrenOf({ children }: XmlElement, name: string): readonly XmlElement[] {
  return children.filter((child) => child.name === name);
}

/** The text of the first element of that name, without space around it; undefined when there is none. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text.trim();
}

export function malformed(): BucketError {
  return new BucketError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

interface Draft {
  name: string;
  text: string;
  children: Draft[];
}

function withoutPrefixes({ name, text, children }: XmlElement): XmlElement {
  return { name: name.replace(/^.*:/, ''), text, children: children.map(withoutPrefixes) };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed();
  }
}

/** The longest is `&#1114111;`. */
const MOST_ENTITY = 10;

function resolveEntities(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', from)) {
    const end = text.slice(at, at + MOST_ENTITY).indexOf(';');
    if (end < 0) throw malformed();
    parts.push(text.slice(from, at), toCharacter(text.slice(at + 1, at + end)));
    from = at + end + 1;
  }
  return from === 0 ? text : parts.join('') + text.slice(from);
}

function toCharacter(entity: string): string {
  const known = Object.hasOwn(ENTITIES, entity) ? ENTITIES[entity] : undefined;
  if (known !== undefined) return known;
  const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(entity);
  if (code === null) throw malformed();
  const point = code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw malformed();
  return String.fromCodePoint(point);
}
