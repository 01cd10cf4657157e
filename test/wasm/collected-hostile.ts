import { signed, toModule } from '../support/module-bytes.ts';

const I32 = 0x7f;
const ANYREF = 0x6e;
const STRUCTREF = 0x6b;
const END = 0x0b;
const i32 = (value: number): number[] => [0x41, ...signed(value)];
const gc = (op: number, ...rest: number[]): number[] => [0xfb, op, ...rest];
const forever = (...code: number[]): number[] => [0x03, 0x40, ...code, 0x0c, 0, END];
const LARGE = 32 * 1024 * 1024;

/** Types 0: bytes, 1: a struct, 2: () -> (), 3: anyref -> anyref, 4: references. Local 0 is bytes, 1 references. */
function run(...code: number[]): Uint8Array {
  return toModule({
    types: [
      [0x5e, 0x78, 1],
      [0x5f, 1, I32, 1],
      [0x60, 0, 0],
      [0x60, 1, ANYREF, 1, ANYREF],
      [0x5e, ANYREF, 1],
    ],
    functions: [
      {
        type: 2,
        name: 'run',
        locals: [
          [1, 0x63, 0],
          [1, 0x63, 4],
        ],
        code,
      },
    ],
    data: [[1, 3, 1, 2, 3]],
  });
}

const BYTES = [...i32(LARGE), ...gc(0x07, 0), 0x21, 0];
const REFERENCES = [...i32(LARGE / 8), ...gc(0x07, 4), 0x21, 1];
const STRUCT = gc(0x01, 1);

/** Modules whose `run` does not end. */
export const ENDLESS: Readonly<Record<string, Uint8Array>> = {
  'array.fill': run(...BYTES, ...forever(0x20, 0, ...i32(0), ...i32(7), ...i32(LARGE), ...gc(0x10, 0))),
  'array.fill of references': run(
    ...[...REFERENCES, ...forever(0x20, 1, ...i32(0), ...STRUCT, ...i32(LARGE / 8), ...gc(0x10, 4))],
  ),
  'array.copy': run(
    ...[...BYTES, ...forever(0x20, 0, ...i32(1), 0x20, 0, ...i32(0), ...i32(LARGE - 1), ...gc(0x11, 0, 0))],
  ),
  'array.copy of references': run(
    ...[...REFERENCES, ...forever(0x20, 1, ...i32(1), 0x20, 1, ...i32(0), ...i32(LARGE / 8 - 1), ...gc(0x11, 4, 4))],
  ),
  'array.new_default': run(...forever(...i32(LARGE / 8), ...gc(0x07, 0), 0x1a)),
  'array.new of references': run(...forever(...STRUCT, ...i32(LARGE / 64), ...gc(0x06, 4), 0x1a)),
  'array.new_data': run(...forever(...i32(0), ...i32(3), ...gc(0x09, 0, 0), 0x1a)),
  'array.init_data': run(...BYTES, ...forever(0x20, 0, ...i32(0), ...i32(0), ...i32(3), ...gc(0x12, 0, 0))),
  'struct.new': run(...forever(...STRUCT, 0x1a)),
  br_on_cast: run(...STRUCT, 0x03, 3, ...gc(0x18, 1, 0, ANYREF, STRUCTREF), END, 0x1a),
  br_on_cast_fail: run(...i32(5), ...gc(0x1c), 0x03, 3, ...gc(0x19, 1, 0, ANYREF, STRUCTREF), END, 0x1a),
};
