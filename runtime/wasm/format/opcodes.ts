/**
 * The instructions the rewriter knows, as rows of consecutive opcodes. A row names what follows the opcode, what one
 * execution costs in fuel, and where the instruction is specified. An opcode in no row is refused.
 */
export interface OpcodeRow {
  readonly first: number;
  /** Names separated by blanks; `-` is a reserved opcode. */
  readonly names: string;
  readonly immediates: Immediates;
  readonly weight: number;
  readonly spec: string;
}

export type Immediates =
  | 'none'
  | 'block'
  | 'label'
  | 'labels'
  | 'index'
  | 'two indices'
  | 'memory argument'
  | 'memory argument, lane'
  | 'lane'
  | 'sixteen bytes'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'types'
  | 'heap type'
  | 'cast branch'
  | 'prefix';

/** Opcodes that the passes tell apart, by name. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  throwRef: 0x0a,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  callRef: 0x14,
  returnCallRef: 0x15,
  delegate: 0x18,
  catchAll: 0x19,
  select: 0x1b,
  tryTable: 0x1f,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32GtS: 0x4a,
  i32GtU: 0x4b,
  i32LeS: 0x4c,
  i32LeU: 0x4d,
  i32GeS: 0x4e,
  i32GeU: 0x4f,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtU: 0x54,
  i64GtU: 0x56,
  i64LeU: 0x58,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32DivU: 0x6e,
  i32Or: 0x72,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64Shl: 0x86,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
  refNull: 0xd0,
  refFunc: 0xd2,
  brOnNull: 0xd5,
  brOnNonNull: 0xd6,
  gc: 0xfb,
  bulk: 0xfc,
  simd: 0xfd,
} as const;

/** Second opcodes after 0xfc. */
export const BULK = {
  memoryInit: 8,
  dataDrop: 9,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  elemDrop: 13,
  tableCopy: 14,
  tableGrow: 15,
  tableSize: 16,
  tableFill: 17,
} as const;

const DIVISION = 8;
const SQUARE_ROOT = 4;
/** Unwinding goes through the engine's runtime. */
const THROW = 128;

export const ONE_BYTE: readonly OpcodeRow[] = [
  { first: 0x00, names: 'unreachable', immediates: 'none', weight: 1, spec: 'control' },
  { first: 0x01, names: 'nop', immediates: 'none', weight: 0, spec: 'control' },
  { first: 0x02, names: 'block loop', immediates: 'block', weight: 0, spec: 'control' },
  { first: 0x04, names: 'if', immediates: 'block', weight: 1, spec: 'control' },
  { first: 0x05, names: 'else', immediates: 'none', weight: 0, spec: 'control' },
  { first: 0x06, names: 'try', immediates: 'block', weight: 0, spec: 'legacy exception handling' },
  { first: 0x07, names: 'catch', immediates: 'index', weight: 0, spec: 'legacy exception handling' },
  { first: 0x08, names: 'throw', immediates: 'index', weight: THROW, spec: 'exception handling' },
  { first: 0x09, names: 'rethrow', immediates: 'label', weight: THROW, spec: 'legacy exception handling' },
  { first: 0x0a, names: 'throw_ref', immediates: 'none', weight: THROW, spec: 'exception handling' },
  { first: 0x0b, names: 'end', immediates: 'none', weight: 0, spec: 'control' },
  { first: 0x0c, names: 'br br_if', immediates: 'label', weight: 1, spec: 'control' },
  { first: 0x0e, names: 'br_table', immediates: 'labels', weight: 1, spec: 'control' },
  { first: 0x0f, names: 'return', immediates: 'none', weight: 1, spec: 'control' },
  { first: 0x10, names: 'call', immediates: 'index', weight: 1, spec: 'control' },
  { first: 0x11, names: 'call_indirect', immediates: 'two indices', weight: 1, spec: 'control' },
  { first: 0x12, names: 'return_call', immediates: 'index', weight: 1, spec: 'tail calls' },
  { first: 0x13, names: 'return_call_indirect', immediates: 'two indices', weight: 1, spec: 'tail calls' },
  { first: 0x14, names: 'call_ref return_call_ref', immediates: 'index', weight: 1, spec: 'typed function references' },
  { first: 0x18, names: 'delegate', immediates: 'label', weight: 0, spec: 'legacy exception handling' },
  { first: 0x19, names: 'catch_all', immediates: 'none', weight: 0, spec: 'legacy exception handling' },
  { first: 0x1a, names: 'drop select', immediates: 'none', weight: 1, spec: 'parametric' },
  { first: 0x1c, names: 'select_t', immediates: 'types', weight: 1, spec: 'reference types' },
  { first: 0x1f, names: 'try_table', immediates: 'block', weight: 0, spec: 'exception handling' },
  { first: 0x20, names: 'local.get local.set local.tee', immediates: 'index', weight: 1, spec: 'variable' },
  { first: 0x23, names: 'global.get global.set', immediates: 'index', weight: 1, spec: 'variable' },
  { first: 0x25, names: 'table.get table.set', immediates: 'index', weight: 1, spec: 'reference types' },
  {
    first: 0x28,
    names:
      'i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u',
    immediates: 'memory argument',
    weight: 1,
    spec: 'memory',
  },
  {
    first: 0x36,
    names: 'i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32',
    immediates: 'memory argument',
    weight: 1,
    spec: 'memory',
  },
  { first: 0x3f, names: 'memory.size memory.grow', immediates: 'index', weight: 1, spec: 'memory' },
  { first: 0x41, names: 'i32.const', immediates: 'i32', weight: 1, spec: 'numeric' },
  { first: 0x42, names: 'i64.const', immediates: 'i64', weight: 1, spec: 'numeric' },
  { first: 0x43, names: 'f32.const', immediates: 'f32', weight: 1, spec: 'numeric' },
  { first: 0x44, names: 'f64.const', immediates: 'f64', weight: 1, spec: 'numeric' },
  {
    first: 0x45,
    names:
      'i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge',
    immediates: 'none',
    weight: 1,
    spec: 'numeric',
  },
  {
    first: 0x67,
    names: 'i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul',
    immediates: 'none',
    weight: 1,
    spec: 'numeric',
  },
  {
    first: 0x6d,
    names: 'i32.div_s i32.div_u i32.rem_s i32.rem_u',
    immediates: 'none',
    weight: DIVISION,
    spec: 'numeric',
  },
  {
    first: 0x71,
    names:
      'i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul',
    immediates: 'none',
    weight: 1,
    spec: 'numeric',
  },
  {
    first: 0x7f,
    names: 'i64.div_s i64.div_u i64.rem_s i64.rem_u',
    immediates: 'none',
    weight: DIVISION,
    spec: 'numeric',
  },
  {
    first: 0x83,
    names:
      'i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest',
    immediates: 'none',
    weight: 1,
    spec: 'numeric',
  },
  { first: 0x91, names: 'f32.sqrt', immediates: 'none', weight: SQUARE_ROOT, spec: 'numeric' },
  { first: 0x92, names: 'f32.add f32.sub f32.mul', immediates: 'none', weight: 1, spec: 'numeric' },
  { first: 0x95, names: 'f32.div', immediates: 'none', weight: SQUARE_ROOT, spec: 'numeric' },
  {
    first: 0x96,
    names: 'f32.min f32.max f32.copysign f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest',
    immediates: 'none',
    weight: 1,
    spec: 'numeric',
  },
  { first: 0x9f, names: 'f64.sqrt', immediates: 'none', weight: SQUARE_ROOT, spec: 'numeric' },
  { first: 0xa0, names: 'f64.add f64.sub f64.mul', immediates: 'none', weight: 1, spec: 'numeric' },
  { first: 0xa3, names: 'f64.div', immediates: 'none', weight: SQUARE_ROOT, spec: 'numeric' },
  {
    first: 0xa4,
    names:
      'f64.min f64.max f64.copysign i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.extend_i32_s i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64 f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64',
    immediates: 'none',
    weight: 1,
    spec: 'numeric',
  },
  {
    first: 0xc0,
    names: 'i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s',
    immediates: 'none',
    weight: 1,
    spec: 'sign extension',
  },
  { first: 0xd0, names: 'ref.null', immediates: 'heap type', weight: 1, spec: 'reference types' },
  { first: 0xd1, names: 'ref.is_null', immediates: 'none', weight: 1, spec: 'reference types' },
  { first: 0xd2, names: 'ref.func', immediates: 'index', weight: 1, spec: 'reference types' },
  { first: 0xd3, names: 'ref.eq', immediates: 'none', weight: 1, spec: 'garbage collection' },
  { first: 0xd4, names: 'ref.as_non_null', immediates: 'none', weight: 1, spec: 'typed function references' },
  {
    first: 0xd5,
    names: 'br_on_null br_on_non_null',
    immediates: 'label',
    weight: 1,
    spec: 'typed function references',
  },
  { first: 0xfb, names: 'gc bulk simd', immediates: 'prefix', weight: 0, spec: 'prefixes' },
];

/** After 0xfc. What bulk instructions cost by size comes on top, at run time. */
export const AFTER_FC: readonly OpcodeRow[] = [
  {
    first: 0,
    names:
      'i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u',
    immediates: 'none',
    weight: 1,
    spec: 'saturating conversions',
  },
  { first: 8, names: 'memory.init', immediates: 'two indices', weight: 1, spec: 'bulk memory' },
  { first: 9, names: 'data.drop', immediates: 'index', weight: 1, spec: 'bulk memory' },
  { first: 10, names: 'memory.copy', immediates: 'two indices', weight: 1, spec: 'bulk memory' },
  { first: 11, names: 'memory.fill', immediates: 'index', weight: 1, spec: 'bulk memory' },
  { first: 12, names: 'table.init', immediates: 'two indices', weight: 1, spec: 'bulk memory' },
  { first: 13, names: 'elem.drop', immediates: 'index', weight: 1, spec: 'bulk memory' },
  { first: 14, names: 'table.copy', immediates: 'two indices', weight: 1, spec: 'bulk memory' },
  { first: 15, names: 'table.grow table.size table.fill', immediates: 'index', weight: 1, spec: 'reference types' },
];
