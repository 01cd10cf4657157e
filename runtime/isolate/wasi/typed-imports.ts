import { SIGNATURES, WASI_NAMES } from './signatures.ts';

const MODULE_NAME = 'wasi';
const TYPE_CODES: Readonly<Record<string, number>> = { i: 0x7f, I: 0x7e };
const Section = { TYPE: 1, IMPORT: 2, EXPORT: 7 } as const;
const FUNCTION = 0x60;
const FUNCTION_KIND = 0;

/**
 * Gives JavaScript functions their WebAssembly types, by passing them through a module that imports and exports them all. A
 * guest may declare any type for an import, and JavaScript would be called with, say, a number for an i64 and throw a
 * TypeError; a typed function that is declared otherwise is a LinkError before anything runs.
 */
export const createTypedImports = (functions: WebAssembly.ModuleImports): WebAssembly.ModuleImports => {
  relay ??= new WebAssembly.Module(toRelay());
  return { ...new WebAssembly.Instance(relay, { [MODULE_NAME]: functions }).exports } as WebAssembly.ModuleImports;
};

let relay: WebAssembly.Module | undefined;

const toRelay = (): Uint8Array<ArrayBuffer> => {
  const types = WASI_NAMES.map((name) => {
    const parameters = [...SIGNATURES[name]].map((letter) => TYPE_CODES[letter] as number);
    return [FUNCTION, ...toVector(parameters), ...toVector(name === 'proc_exit' ? [] : [TYPE_CODES.i as number])];
  });
  const imports = WASI_NAMES.map((name, index) => [...toName(MODULE_NAME), ...toName(name), FUNCTION_KIND, index]);
  const exports = WASI_NAMES.map((name, index) => [...toName(name), FUNCTION_KIND, index]);
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...toSection(Section.TYPE, types),
    ...toSection(Section.IMPORT, imports),
    ...toSection(Section.EXPORT, exports),
  ]);
};

const toSection = (id: number, items: readonly number[][]): number[] => {
  const body = [...toLeb(items.length), ...items.flat()];
  return [id, ...toLeb(body.length), ...body];
};
const toName = (name: string): number[] => toVector([...Buffer.from(name)]);
const toVector = (bytes: readonly number[]): number[] => [...toLeb(bytes.length), ...bytes];
const toLeb = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...toLeb(value >>> 7)]);
