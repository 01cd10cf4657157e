import { parseBase64, SerializationError } from '../service/parse-input.ts';
import type { Input } from '../service/service.ts';
import type { Shape, Structure } from '../service/shape.ts';

/** Parameters by the parts of their names: `Entry.1.Name=x` is the value of Name in 1 in Entry. */
interface Node {
  value?: string;
  readonly parts: Map<string, Node>;
}

/** No model is deeper. */
const DEEPEST = 8;

/** Reads the parameters of a form as a structure. Those that the model does not know are left out. Throws a SerializationError. */
export function fromForm(shape: Structure, parameters: URLSearchParams): Input {
  const root: Node = { parts: new Map() };
  for (const [name, value] of parameters) {
    let node = root;
    for (const part of name.split('.', DEEPEST)) {
      const next = node.parts.get(part) ?? { parts: new Map() };
      node.parts.set(part, next);
      node = next;
    }
    node.value ??= value;
  }
  return readMembers(shape, root);
}

function readMembers(shape: Structure, node: Node): Input {
  const members = Object.entries(shape.members).map(([name, member]) => {
    const place = placeOf(member, node, name);
    return [name, place && read(member, place, name)];
  });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** A form has lists and maps under the names of what is in them, which is not the member's but in a frame. */
function placeOf(shape: Shape, node: Node, name: string): Node | undefined {
  if (shape.kind !== 'list' && shape.kind !== 'map') return node.parts.get(name);
  const within = shape.kind === 'list' ? shape.itemName : shape.entryName;
  if (!shape.isFramed) return node.parts.get(within);
  // An empty one is a frame with nothing in it.
  const frame = node.parts.get(name);
  return frame && (frame.parts.get(within) ?? { parts: new Map() });
}

function read(shape: Shape, node: Node, name: string): unknown {
  const { value } = node;
  switch (shape.kind) {
    case 'text':
      return value;
    case 'whole':
      if (value === undefined) return undefined;
      if (!/^[+-]?\d{1,15}$/.test(value)) throw new SerializationError(`${name} must be a whole number.`);
      return Number(value);
    case 'decimal':
      if (value === undefined) return undefined;
      if (!/^[+-]?\d{1,15}(\.\d{1,15})?$/.test(value)) throw new SerializationError(`${name} must be a number.`);
      return Number(value);
    case 'flag':
      return value === undefined ? undefined : value.toLowerCase() === 'true';
    case 'bytes': {
      const bytes = value === undefined ? undefined : parseBase64(value);
      if (value !== undefined && bytes === undefined) throw new SerializationError(`${name} must be base64.`);
      return bytes;
    }
    case 'list':
      return numbered(node)
        .map((each) => read(shape.item, each, name))
        .filter((each) => each !== undefined);
    case 'map':
      return Object.fromEntries(
        numbered(node).map((each) => [
          each.parts.get(shape.keyName)?.value ?? '',
          read(shape.value, each.parts.get(shape.valueName) ?? { value: '', parts: new Map() }, name),
        ]),
      );
    case 'structure':
      return readMembers(shape, node);
  }
}

/** What is under 1, 2, and so on. */
function numbered(node: Node): readonly Node[] {
  const nodes: Node[] = [];
  for (let at = node.parts.get('1'); at !== undefined; at = node.parts.get(String(nodes.length + 1))) nodes.push(at);
  return nodes;
}
