import type { DeclaredMemory } from '../format/module.ts';
import { OP } from '../format/opcodes.ts';
import { TYPE } from '../format/value-types.ts';
import type { Injected } from '../fuel/fuel-code.ts';
import { constant, get, sized, u, wideConstant } from './stub-code.ts';

/** True when the engine's own maximum, which holds for one memory, is not enough. */
export function sharesMemory(memories: readonly DeclaredMemory[]): boolean {
  return memories.length > 1;
}

/** Type of a memory's sizes. */
export function pagesType(memory: DeclaredMemory | undefined): number {
  return memory?.limits.wide ? TYPE.i64 : TYPE.i32;
}

/** (pages) -> pages before, or -1 as `memory.grow`: all memories together stay within the limit that the host has set. */
export function gatedGrowth(grown: number, memories: readonly DeclaredMemory[], injected: Injected): Uint8Array {
  const wide = memories[grown]?.limits.wide ?? false;
  const pages = [...get(0), ...(wide ? [] : [OP.i64ExtendI32U])];
  const sizes = memories.flatMap(({ limits }, index) => [
    OP.memorySize,
    ...u(index),
    ...(limits.wide ? [] : [OP.i64ExtendI32U]),
    OP.i64Add,
  ]);
  const beyond = [OP.globalGet, ...u(injected.pageLimitGlobal), OP.i64ExtendI32U, OP.i64GtU];
  const code = [
    ...[...pages, ...beyond],
    ...[...pages, ...sizes, ...beyond],
    ...[OP.i32Or, OP.if, wide ? TYPE.i64 : TYPE.i32],
    ...(wide ? wideConstant(-1) : constant(-1)),
    ...[OP.else, ...get(0), OP.memoryGrow, ...u(grown), OP.end],
  ];
  return sized(code, 0);
}
