import { readFileSync } from 'node:fs';
import createWabt from 'wabt';

const wabt = await createWabt();

/** Assembles WebAssembly text. */
export function assemble(text: string): Uint8Array {
  const parsed = wabt.parseWat('fixture.wat', text, {
    simd: true,
    bulk_memory: true,
    reference_types: true,
    exceptions: true,
    tail_call: true,
  });
  try {
    parsed.validate();
    return parsed.toBinary({}).buffer;
  } finally {
    parsed.destroy();
  }
}

/** Assembles a guest of test/fixtures/guests. */
export function guest(name: string): Uint8Array {
  return assemble(readFileSync(`test/fixtures/guests/${name}.wat`, 'utf8'));
}
