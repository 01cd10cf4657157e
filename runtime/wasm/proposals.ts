/** Names for what is refused, so that a refusal says which proposal the toolchain should leave out. */
export function opcodeProposal(opcode: number): string {
  if (opcode === 0xd3 || opcode === 0xfb) return 'garbage collection';
  if (opcode >= 0xe0 && opcode <= 0xe6) return 'stack switching';
  if (opcode === 0xfe) return 'threads and atomics';
  return `unknown instruction 0x${opcode.toString(16)}`;
}

export function prefixedProposal(prefix: number, second: number): string {
  if (prefix === 0xfd && second >= 0x120 && second <= 0x14f) return 'half precision';
  if (prefix === 0xfc && second >= 19 && second <= 22) return 'wide arithmetic';
  if (prefix === 0xfc && second === 18) return 'memory discard';
  return `unknown instruction 0x${prefix.toString(16)} 0x${second.toString(16)}`;
}

export function typeProposal(code: number): string {
  if ((code >= 0x6a && code <= 0x6e) || (code >= 0x71 && code <= 0x73)) return 'garbage collection';
  if (code === 0x68 || code === 0x75) return 'stack switching';
  return `unknown value type 0x${code.toString(16)}`;
}

export function typeFormProposal(form: number): string {
  if (form === 0x5d) return 'stack switching';
  return form >= 0x4c && form <= 0x5f ? 'garbage collection' : `unknown type form 0x${form.toString(16)}`;
}
