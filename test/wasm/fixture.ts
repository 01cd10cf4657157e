import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import createWabt from 'wabt';

const ROOT = join(process.cwd(), 'test', 'fixtures', 'wat');
const wabt = await createWabt();

/** Why a fixture that the engine does not take is skipped. */
export const LACKING: string = `Node ${process.versions.node} does not know what this module uses`;

/** True for a module of a proposal that this engine lacks. From Node 24 on there is none, and the fixture is wrong. */
export function isLacking(input: Uint8Array): boolean {
  if (WebAssembly.validate(input as BufferSource)) return false;
  if (Number.parseInt(process.versions.node, 10) < 24) return true;
  new WebAssembly.Module(input as BufferSource);
  return false;
}

export function fixtureNames(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.wat'))
    .map((name) => name.slice(0, -'.wat'.length))
    .sort();
}

export function readFixture(folder: string, name: string): Uint8Array {
  return fromWat(readFileSync(join(ROOT, folder, `${name}.wat`), 'utf8'));
}

/** Assembles text with every proposal on: what the rewriter does not take must still assemble here. */
export function fromWat(text: string): Uint8Array {
  const module = wabt.parseWat('test.wat', text, {
    exceptions: true,
    threads: true,
    tail_call: true,
    memory64: true,
    multi_memory: true,
    relaxed_simd: true,
    extended_const: true,
    gc: true,
    function_references: true,
  } as Parameters<typeof wabt.parseWat>[2]);
  try {
    return module.toBinary({ write_debug_names: true }).buffer;
  } finally {
    module.destroy();
  }
}
