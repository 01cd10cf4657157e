import type { GlobalType } from '../contract/artifact.ts';

/** A mutable global of an instance, with the type that its value is written in. */
export interface ExposedGlobal {
  readonly type: GlobalType;
  readonly global: WebAssembly.Global;
}

/** Writes the values as text that JSON carries without loss: integers in decimal, floats as the bits of a double in hexadecimal. */
export function takeGlobals(globals: readonly ExposedGlobal[]): string[] {
  return globals.map(({ type, global }) =>
    type === 'f32' || type === 'f64' ? toBits(global.value as number) : String(global.value),
  );
}

/** Values ready to be set, so that restoring parses nothing. */
export function parseGlobals(
  globals: readonly Pick<ExposedGlobal, 'type'>[],
  texts: readonly string[],
): (number | bigint)[] {
  if (texts.length !== globals.length) throw new RangeError('the image belongs to another module');
  return globals.map(({ type }, index) => {
    const text = texts[index] as string;
    if (type === 'i64') return BigInt(text);
    return type === 'i32' ? Number(text) : fromBits(text);
  });
}

export function setGlobals(globals: readonly ExposedGlobal[], values: readonly (number | bigint)[]): void {
  for (let index = 0; index < globals.length; index++) {
    (globals[index] as ExposedGlobal).global.value = values[index];
  }
}

const view = new DataView(new ArrayBuffer(8));

function toBits(value: number): string {
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
}

function fromBits(text: string): number {
  view.setBigUint64(0, BigInt(`0x${text}`));
  return view.getFloat64(0);
}
