import { signed, toModule } from '../support/module-bytes.ts';

const I32 = 0x7f;
const I64 = 0x7e;
const F64 = 0x7c;
const I8 = 0x78;
const I16 = 0x77;
const FUNCREF = 0x70;
const EXTERNREF = 0x6f;
const ANYREF = 0x6e;
const EQREF = 0x6d;
const I31REF = 0x6c;
const STRUCTREF = 0x6b;
const ARRAYREF = 0x6a;
const NONE = 0x71;
const NOFUNC = 0x73;
const NOEXTERN = 0x72;
const REF_NULL = 0x63;
const REF = 0x64;
const MUT = 1;

const i32 = (value: number): number[] => [0x41, ...signed(value)];
const i64 = (value: number): number[] => [0x42, ...signed(value)];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const ADD = 0x6a;
const XOR = 0x73;
const WRAP = 0xa7;
const DROP = 0x1a;
const EMPTY = 0x40;
const END = 0x0b;
/** As often as local 0 says, masked, with a turn counted in this local. */
const times = (counter: number, mask: number, ...body: number[]): number[] => [
  ...[...get(0), ...i32(mask), 0x71, ...set(counter), 0x03, EMPTY],
  ...body,
  ...[...get(counter), ...i32(1), 0x6b, ...tee(counter), ...i32(0), 0x4a, 0x0d, 0, END],
];
const gc = (op: number, ...rest: number[]): number[] => [0xfb, op, ...rest];
const FUNCTION = [0x60, 1, I32, 1, I32];

/** A list built by struct.new, mutated, walked, its packed fields read both ways; types in a recursive group. */
function structs(): Uint8Array {
  const node = [0x50, 0, 0x5f, 4, REF_NULL, 0, MUT, I8, MUT, I16, MUT, I64, 0];
  const sub = [0x4f, 1, 0, 0x5f, 5, REF_NULL, 0, MUT, I8, MUT, I16, MUT, I64, 0, F64, MUT];
  const build = [
    ...times(1, 1023, ...get(2), ...get(1), ...get(1), ...get(1), 0xac, ...gc(0x00, 0), ...set(2)),
    ...[0x02, EMPTY, 0x03, EMPTY, ...get(2), 0xd1, 0x0d, 1],
    ...[...get(2), ...get(2), ...gc(0x03, 0, 1), ...i32(1), ADD, ...gc(0x05, 0, 1)],
    ...[...get(3), ...get(2), ...gc(0x03, 0, 1), ADD, ...get(2), ...gc(0x04, 0, 1), XOR],
    ...[...get(2), ...gc(0x03, 0, 2), ADD, ...get(2), ...gc(0x04, 0, 2), XOR],
    ...[...get(2), ...gc(0x02, 0, 3), WRAP, ADD, ...set(3)],
    ...[...get(2), ...gc(0x02, 0, 0), ...set(2), 0x0c, 0, END, END, ...get(3)],
  ];
  const nothing = [0xd0, 0, ...gc(0x02, 0, 3), WRAP];
  const isSub = [...gc(0x01, 1), ...gc(0x14, 1), ...gc(0x01, 0), ...gc(0x15, 1), ADD];
  return toModule({
    types: [[0x4e, 2, ...node, ...sub], FUNCTION],
    functions: [
      {
        type: 2,
        name: 'build',
        locals: [
          [1, I32],
          [1, REF_NULL, 0],
          [1, I32],
        ],
        code: build,
      },
      { type: 2, name: 'nothing', code: nothing },
      { type: 2, name: 'isSub', code: isSub },
    ],
  });
}

/** Every array instruction, at lengths that are small, chunked, null, and out of bounds. */
function arrays(): Uint8Array {
  const types = [
    [0x5e, I8, MUT],
    [0x5e, I32, MUT],
    [0x5e, REF_NULL, 0x6e, MUT],
    [0x5e, FUNCREF, MUT],
    FUNCTION,
    [0x5e, 0x7b, MUT],
  ];
  const length = [...get(0), ...i32(0x7fff_ffff), 0x71];
  const sum = (array: number): number[] => [
    ...[0x02, EMPTY, ...get(array), 0xd1, 0x0d, 0],
    ...[...get(array), ...gc(0x0f), ...set(1), 0x03, EMPTY, ...get(1), 0x45, 0x0d, 1],
    ...[...get(1), ...get(1), ...i32(6), 0x76, ...i32(1), ADD, 0x6b, ...set(1), ...get(3), ...i32(31), 0x6c],
    ...[...get(array), ...get(1), ...gc(0x0d, 0), ADD, ...set(3), 0x0c, 0, END, END, ...get(3)],
  ];
  const locals = [
    [1, I32],
    [1, REF_NULL, 0],
    [1, I32],
    [1, REF_NULL, 0],
  ];
  const small = i32(5);
  return toModule({
    types,
    functions: [
      { type: 4, name: 'new', locals, code: [...i32(7), ...length, ...gc(0x06, 0), ...set(2), ...sum(2)] },
      { type: 4, name: 'default', locals, code: [...length, ...gc(0x07, 0), ...set(2), ...sum(2)] },
      {
        type: 4,
        name: 'fixed',
        locals,
        code: [...i32(1), ...i32(2), ...get(0), ...gc(0x08, 0, 3), ...set(2), ...sum(2)],
      },
      { type: 4, name: 'data', locals, code: [...i32(1), ...get(0), ...gc(0x09, 0, 0), ...set(2), ...sum(2)] },
      { type: 4, name: 'elem', locals, code: [...i32(0), ...get(0), ...gc(0x0a, 3, 0), ...gc(0x0f)] },
      {
        type: 4,
        name: 'fill',
        locals,
        code: [
          ...[...i32(3), ...i32(400_000), ...gc(0x06, 0), ...tee(2), ...small, ...i32(9), ...get(0), ...gc(0x10, 0)],
          ...sum(2),
        ],
      },
      {
        type: 4,
        name: 'copyUp',
        locals,
        code: [
          ...[
            ...i32(3),
            ...i32(400_000),
            ...gc(0x06, 0),
            ...tee(2),
            ...small,
            ...i32(9),
            ...i32(70_000),
            ...gc(0x10, 0),
          ],
          ...[...get(2), ...i32(40_001), ...get(2), ...i32(1), ...get(0), ...gc(0x11, 0, 0), ...sum(2)],
        ],
      },
      {
        type: 4,
        name: 'copyDown',
        locals,
        code: [
          ...[...i32(3), ...i32(400_000), ...gc(0x06, 0), ...tee(2), ...i32(77), ...i32(9), ...i32(70_000)],
          ...[...gc(0x10, 0), ...get(2), ...i32(1), ...get(2), ...i32(40), ...get(0), ...gc(0x11, 0, 0), ...sum(2)],
        ],
      },
      {
        type: 4,
        name: 'copyNull',
        locals,
        code: [...get(2), ...i32(1), ...get(4), ...i32(40), ...get(0), ...gc(0x11, 0, 0), ...i32(1)],
      },
      {
        type: 4,
        name: 'initData',
        locals,
        code: [
          ...[...i32(1000), ...gc(0x07, 0), ...tee(2), ...small, ...i32(0), ...get(0), ...gc(0x12, 0, 0)],
          ...sum(2),
        ],
      },
      {
        type: 4,
        name: 'initElem',
        code: [...[...i32(9), ...gc(0x07, 3), ...i32(2), ...i32(0), ...get(0)], ...gc(0x13, 3, 0), ...i32(1)],
      },
      {
        type: 4,
        name: 'vectors',
        code: [0xfd, 0x0c, ...Array(16).fill(1), ...get(0), ...i32(4095), 0x71, ...gc(0x06, 5), ...gc(0x0f)],
      },
      {
        type: 4,
        name: 'references',
        locals: [[1, REF_NULL, 2]],
        code: [
          ...[...i32(50_000), ...gc(0x07, 2), ...tee(1), ...i32(0), ...get(0), ...gc(0x1c), ...i32(49_999)],
          ...[...gc(0x10, 2), ...get(1), ...get(0), ...gc(0x0b, 2), ...gc(0x16, 0x6c), ...gc(0x1d)],
        ],
      },
      {
        type: 4,
        name: 'set',
        locals,
        code: [...i32(9), ...gc(0x07, 0), ...tee(2), ...get(0), ...i32(200), ...gc(0x0e, 0), ...get(2)].concat([
          ...[...get(0), ...gc(0x0c, 0)],
        ]),
      },
      { type: 4, name: 'used', code: [0xd2, 14, 0xd1] },
    ],
    elements: [[5, FUNCREF, 3, 0xd2, 14, END, 0xd0, 0x70, END, 0xd2, 0, END]],
    data: [[1, 7, 3, 1, 4, 1, 5, 9, 2]],
  });
}

/** Tests, casts and branches on casts, out of loops and back into them, over every abstract heap type. */
function casts(): Uint8Array {
  const types = [[0x5f, 1, I32, 0], [0x5e, I32, 0], FUNCTION, [0x60, 1, ANYREF, 1, I32]];
  const kinds = [ANYREF, EQREF, I31REF, STRUCTREF, ARRAYREF, 0, 1, NONE];
  const kindOf = [
    ...kinds.flatMap((kind, index) => [
      ...get(0),
      ...gc(0x14 + (index & 1), kind),
      ...(index ? [0x41, 1, 0x74, ADD] : []),
    ]),
  ];
  const choose = [
    ...[0x02, EMPTY, 0x02, EMPTY, 0x02, EMPTY, ...get(0), ...i32(3), 0x71, 0x0e, 2, 0, 1, 2, END],
    ...[...get(0), ...gc(0x1c), 0x10, 0, 0x0f, END, ...get(0), ...gc(0x00, 0), 0x10, 0, 0x0f, END],
    ...[...get(0), ...gc(0x08, 1, 1), 0x10, 0],
  ];
  const branches = [
    ...times(
      1,
      255,
      ...[0x02, REF, STRUCTREF, ...get(1), ...i32(1), 0x71, 0x04, ANYREF, ...get(1), ...gc(0x1c), 0x05],
      ...[...get(1), ...gc(0x00, 0), END],
      ...[...gc(0x18, 1, 0, ANYREF, STRUCTREF), DROP, ...get(2), ...i32(3), ADD, ...set(2), ...i32(9)],
      ...[...gc(0x00, 0), END, ...gc(0x16, 0), ...gc(0x02, 0, 0), ...get(2), ADD, ...set(2)],
    ),
    ...get(2),
  ];
  const back = [
    ...[
      ...get(0),
      ...i32(1023),
      0x71,
      ...i32(1),
      ADD,
      ...set(1),
      0xd0,
      ANYREF,
      0x03,
      4,
      DROP,
      ...get(2),
      ...i32(1),
      ADD,
      ...set(2),
    ],
    ...[...get(1), ...i32(1), 0x6b, ...tee(1), 0x45, 0x04, ANYREF, ...get(1), ...gc(0x00, 0), 0x05, ...get(1)],
    ...[...gc(0x1c), END, ...gc(0x19, 1, 0, ANYREF, STRUCTREF), DROP, END, ...get(2)],
  ];
  const failing = [...get(0), ...gc(0x1c), ...gc(0x16, 0), ...gc(0x02, 0, 0)];
  const equal = [...get(0), ...gc(0x1c), ...i32(5), ...gc(0x1c), 0xd3, ...get(0), ...gc(0x1c), ...gc(0x1e), ADD];
  const outward = [
    ...[...get(0), ...gc(0x1c), ...gc(0x1b), ...gc(0x1a), ...gc(0x17, I31REF), ...gc(0x1d)],
    ...[0xd0, NOEXTERN, ...gc(0x1a), 0xd1, ADD, 0xd0, NOFUNC, 0xd1, ADD],
  ];
  const counters = [[2, I32]];
  return toModule({
    types: [...types, [0x60, 1, ANYREF, 0]],
    functions: [
      { type: 3, code: kindOf },
      { type: 2, name: 'choose', code: choose },
      { type: 2, name: 'branches', locals: counters, code: branches },
      { type: 2, name: 'back', locals: counters, code: back },
      { type: 2, name: 'failing', code: failing },
      { type: 2, name: 'equal', code: equal },
      { type: 2, name: 'outward', code: outward },
    ],
  });
}

/** Objects made by initialisers of globals, tables and elements, changed by code. */
function initialisers(): Uint8Array {
  return toModule({
    types: [[0x5f, 1, I32, MUT], [0x5e, I32, MUT], FUNCTION],
    tables: [
      [0x40, 0, REF, 1, 0, 2, ...i32(4), ...i32(3), ...gc(0x06, 1), END],
      [EXTERNREF, 0, 2],
    ],
    globals: [
      [REF, 0, 0, ...i32(20), ...i32(21), ADD, ...gc(0x00, 0), END],
      [REF, 1, 0, ...i32(7), ...i32(8), ...gc(0x08, 1, 2), END],
      [REF, I31REF, 0, ...i32(-3), ...gc(0x1c), END],
      [EXTERNREF, 0, ...i32(6), ...gc(0x1c), ...gc(0x1b), END],
      [REF, 1, 0, ...i32(5), ...gc(0x07, 1), END],
      [I64, 0, ...i64(3), ...i64(4), 0x7e, END],
    ],
    functions: [
      {
        type: 2,
        name: 'sum',
        code: [
          ...[0x23, 0, 0x23, 0, ...gc(0x02, 0, 0), ...i32(1), ADD, ...gc(0x05, 0, 0)],
          ...[0x23, 0, ...gc(0x02, 0, 0), 0x23, 1, ...i32(1), ...gc(0x0b, 1), ADD],
          ...[0x23, 2, ...gc(0x1d), ADD, 0x23, 3, ...gc(0x1a), ...gc(0x16, I31REF), ...gc(0x1e), ADD],
          ...[0x23, 4, ...gc(0x0f), ADD, ...i32(1), 0x25, 0, ...i32(2), ...gc(0x0b, 1), ADD, 0x23, 5, WRAP, ADD],
        ],
      },
    ],
  });
}

/** Locals of types without a default, set inside of what is wrapped. */
function undefaultable(): Uint8Array {
  const code = [
    ...[...i32(4), ...gc(0x00, 0), ...set(2)],
    ...times(
      1,
      127,
      ...get(2),
      ...gc(0x02, 0, 0),
      ...get(1),
      ADD,
      ...gc(0x00, 0),
      ...tee(3),
      DROP,
      ...get(3),
      ...set(2),
    ),
    ...[...get(2), ...gc(0x02, 0, 0)],
  ];
  return toModule({
    types: [[0x5f, 1, I32, 0], FUNCTION],
    functions: [
      {
        type: 1,
        name: 'f',
        locals: [
          [1, I32],
          [2, REF, 0],
        ],
        code,
      },
    ],
  });
}

/** A function type that is open to subtypes is not the one that injected code means, though it looks the same. */
function openTypes(): Uint8Array {
  return toModule({
    types: [
      [0x50, 0, 0x60, 2, I32, I32, 1, I32],
      [0x50, 0, 0x60, 0, 0],
      [0x4e, 2, 0x60, 1, I32, 1, I32, 0x60, 2, I32, I32, 1, I32],
    ],
    functions: [
      {
        type: 2,
        name: 'f',
        locals: [[1, I32]],
        code: [...times(1, 4095, ...get(0), ...i32(3), 0x10, 1, 0x21, 0), ...get(0)],
      },
      { type: 0, code: [...get(0), ...get(1), XOR] },
      { type: 1, name: 'g', code: [] },
    ],
  });
}

export const COLLECTED: Readonly<Record<string, () => Uint8Array>> = {
  structs,
  arrays,
  casts,
  initialisers,
  undefaultable,
  openTypes,
};
