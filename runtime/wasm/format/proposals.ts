/** Names for what is refused, so that a refusal says which proposal the toolchain should leave out. */
export function opcodeProposal(opcode: number): string {
  if (opcode >= 0xe0 && opcode <= 0xe6) return `stack switching (${instruction(opcode)})`;
  if (opcode === 0xfe) return `threads and atomics (${instruction(opcode)})`;
  return `unknown ${instruction(opcode)}`;
}

/** What second opcodes after a prefix belong to, `[prefix, first, last, proposal]`. */
const PREFIXED: readonly (readonly [number, number, number, string])[] = [
  [0xfb, 0x20, 0x26, 'custom descriptors'],
  [0xfb, 0x80, 0xb7, 'stringref'],
  [0xfc, 0x12, 0x12, 'memory control'],
  [0xfc, 0x13, 0x16, 'wide arithmetic'],
  [0xfc, 0x30, 0x31, 'half precision'],
  [0xfd, 0x120, 0x14f, 'half precision'],
];

export function prefixedProposal(prefix: number, second: number): string {
  const found = PREFIXED.find(([of, first, last]) => prefix === of && second >= first && second <= last);
  const what = `${instruction(prefix)} 0x${second.toString(16)}`;
  return found ? `${found[3]} (${what})` : `unknown ${what}`;
}

const TYPES: ReadonlyMap<number, string> = new Map([
  [0x61, 'stringref'],
  [0x62, 'custom descriptors or stringref'],
  [0x65, 'shared-everything threads'],
  [0x66, 'stringref'],
  [0x67, 'stringref'],
  [0x68, 'stack switching'],
  [0x75, 'stack switching'],
]);

export function typeProposal(code: number): string {
  return named(TYPES, code, 'value type');
}

const FORMS: ReadonlyMap<number, string> = new Map([
  [0x4c, 'custom descriptors'],
  [0x4d, 'custom descriptors'],
  [0x5d, 'stack switching'],
  [0x65, 'shared-everything threads'],
]);

export function typeFormProposal(form: number): string {
  return named(FORMS, form, 'type form');
}

function named(names: ReadonlyMap<number, string>, code: number, what: string): string {
  const name = names.get(code);
  const text = `${what} 0x${code.toString(16)}`;
  return name ? `${name} (${text})` : `unknown ${text}`;
}

const instruction = (opcode: number): string => `instruction 0x${opcode.toString(16)}`;
