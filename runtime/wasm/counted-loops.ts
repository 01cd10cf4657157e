import type { Body } from './body.ts';
import type { Bound, CountedLoop } from './counted-loop.ts';
import type { Frame } from './frames.ts';
import { IMM, PLAIN, readBulkOpcode, simdImmediates, skipImmediates } from './immediates.ts';
import { BULK, OP } from './opcodes.ts';
import { Reader } from './reader.ts';

/** Dearer turns are worth a charge of their own. */
const MOST_TURN_FUEL = 60;
/** A step up to this many times a turn's fuel cannot wrap around within the fuel a host may grant, 2^29. */
const MOST_STEP_PER_FUEL = 7;

const MIRRORED: ReadonlyMap<number, number> = new Map([
  [OP.i32Ne, OP.i32Ne],
  [OP.i32LtS, OP.i32GtS],
  [OP.i32LtU, OP.i32GtU],
  [OP.i32GtS, OP.i32LtS],
  [OP.i32GtU, OP.i32LtU],
]);

export function findCountedLoops(body: Body, bytes: Uint8Array): void {
  for (let index = 0; index < body.frameCount; index++) {
    const frame = body.frameAt(index);
    if (frame.checked && !frame.mustCall && !frame.hasLoop && !frame.hasCall && !frame.cut)
      frame.counted = countedLoop(body, bytes, index, frame);
  }
}

function countedLoop(body: Body, bytes: Uint8Array, index: number, frame: Frame): CountedLoop | undefined {
  const item = frame.endItem - 1;
  const fuel = body.charge[frame.startItem]!;
  if (body.op[item] !== OP.brIf || body.target[item] !== index || body.frame[item] !== index) return undefined;
  if (body.charge[item] !== 0 || body.start[frame.endItem] !== body.end[item] || frame.blockType !== -64)
    return undefined;
  if (fuel <= 0 || fuel > MOST_TURN_FUEL) return undefined;
  for (let inner = frame.startItem + 1; inner < item; inner++) {
    const op = body.op[inner]!;
    if (body.charge[inner] !== 0) return undefined;
    if (op === OP.br || op === OP.brIf) {
      if (body.target[inner] === index || (op === OP.br && body.target[inner]! < index)) return undefined;
    } else if (op !== OP.block && op !== OP.if && op !== OP.else && op !== OP.end) return undefined;
  }
  const pattern = matchEnd(readRun(bytes, body.end[item - 1]!, body.start[item]!));
  if (!pattern) return undefined;
  const size = Math.abs(pattern.step);
  if (size === 0 || size > MOST_STEP_PER_FUEL * fuel) return undefined;
  if (pattern.step < 0 && (pattern.compare === OP.i32LtS || pattern.compare === OP.i32LtU)) return undefined;
  if (pattern.step > 0 && (pattern.compare === OP.i32GtS || pattern.compare === OP.i32GtU)) return undefined;
  const bound = 'local' in pattern.bound ? pattern.bound.local : -1;
  if (bound === pattern.index) return undefined;
  let indexWrites = 0;
  for (let inner = frame.startItem + 1; inner <= item; inner++) {
    for (const { op, operand } of readRun(bytes, body.end[inner - 1]!, body.start[inner]!)) {
      if (op !== OP.localSet && op !== OP.localTee) continue;
      if (operand === bound) return undefined;
      if (operand === pattern.index) indexWrites++;
    }
  }
  return indexWrites === 1 ? { ...pattern, item, fuel } : undefined;
}

interface Instruction {
  readonly op: number;
  readonly operand: number;
  readonly start: number;
}

/** The plain instructions of a run, with the operand where it is a local or an i32 constant. */
function readRun(bytes: Uint8Array, start: number, end: number): Instruction[] {
  const reader = new Reader(bytes, start, end);
  const run: Instruction[] = [];
  while (!reader.done) {
    const at = reader.offset;
    const op = reader.byte();
    let operand = 0;
    if (op === OP.localGet || op === OP.localSet || op === OP.localTee) operand = reader.u32();
    else if (op === OP.i32Const) operand = reader.s32();
    else if (op === OP.simd) skipImmediates(reader, simdImmediates(reader));
    else if (op === OP.bulk) skipBulk(reader);
    else if (op === OP.tableSet) reader.u32();
    else skipImmediates(reader, PLAIN.immediates[op] ?? IMM.unknown);
    run.push({ op, operand, start: at });
  }
  return run;
}

function skipBulk(reader: Reader): void {
  if (readBulkOpcode(reader) >= BULK.memoryInit) reader.u32();
}

type Pattern = Omit<CountedLoop, 'item' | 'fuel'>;

/** `[i] [step] add, tee i` and then nothing, `bound compare`, or with the bound before it `compare`. */
function matchEnd(run: readonly Instruction[]): Pattern | undefined {
  const fromEnd = (place: number): Instruction | undefined => run[run.length - 1 - place];
  const update = (place: number): { cut: number; index: number; step: number } | undefined => {
    const [tee, add, step, index] = [fromEnd(place), fromEnd(place + 1), fromEnd(place + 2), fromEnd(place + 3)];
    if (tee?.op !== OP.localTee || add?.op !== OP.i32Add || step?.op !== OP.i32Const || index?.op !== OP.localGet)
      return undefined;
    return index.operand === tee.operand ? { cut: index.start, index: tee.operand, step: step.operand } : undefined;
  };
  const bare = update(0);
  if (bare) return { ...bare, bound: { constant: 0 }, compare: OP.i32Ne };
  const last = fromEnd(0);
  const mirrored = last && MIRRORED.get(last.op);
  if (!last || mirrored === undefined) return undefined;
  const bound = toBound(fromEnd(1));
  const before = bound && update(2);
  if (before) return { ...before, bound, compare: last.op };
  const behind = update(1);
  const first = behind && fromEnd(5);
  const firstBound = toBound(first);
  return behind && first && firstBound
    ? { ...behind, cut: first.start, bound: firstBound, compare: mirrored }
    : undefined;
}

function toBound(instruction: Instruction | undefined): Bound | undefined {
  if (instruction?.op === OP.localGet) return { local: instruction.operand };
  if (instruction?.op === OP.i32Const) return { constant: instruction.operand };
  return undefined;
}
