import { Reader } from './reader.ts';
import type { Section } from './sections.ts';

/** Custom sections whose content is offsets into the code, wrong once the code has changed. */
const STALE: readonly RegExp[] = [
  /^\.debug_/,
  /^metadata\.code\./,
  /^sourceMappingURL$/,
  /^external_debug_info$/,
  /^reloc\./,
  /^linking$/,
];

/** True for a custom section that still holds for rewritten code; the name section does, since no index shifts. */
export function survives(bytes: Uint8Array, section: Section): boolean {
  const name = new Reader(bytes, section.start, section.end).name();
  return !STALE.some((pattern) => pattern.test(name));
}
