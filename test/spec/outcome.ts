import type { Command } from './script.ts';
import type { Value } from './values.ts';
import { Refused } from './world.ts';

/** How a command ended. Messages are the engine's own, so that kinds of traps are told apart. */
export type Outcome =
  | { readonly kind: 'values'; readonly values: readonly Value[] }
  | { readonly kind: 'trap' | 'exhausted' | 'thrown' | 'unlinkable' | 'invalid' | 'refused'; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string };

export function toOutcome(run: () => readonly Value[]): Outcome {
  try {
    return { kind: 'values', values: run() };
  } catch (error) {
    return { kind: kindOf(error), message: error instanceof Error ? error.message : String(error) };
  }
}

function kindOf(error: unknown): Exclude<Outcome['kind'], 'values'> {
  if (error instanceof Refused) return 'refused';
  if (error instanceof WebAssembly.RuntimeError) return 'trap';
  if (error instanceof WebAssembly.LinkError) return 'unlinkable';
  if (error instanceof WebAssembly.CompileError) return 'invalid';
  if (error instanceof WebAssembly.Exception) return 'thrown';
  if (error instanceof RangeError && error.message.includes('call stack')) return 'exhausted';
  return 'broken';
}

/** True when the outcome is what the script says. */
export function isAsSaid(command: Command, outcome: Outcome): boolean {
  switch (command.kind) {
    case 'module':
    case 'definition':
    case 'instance':
    case 'register':
    case 'action':
      return outcome.kind === 'values';
    case 'returns': {
      const { expected } = command;
      if (outcome.kind !== 'values' || outcome.values.length !== expected.length) return false;
      return outcome.values.every((value, index) => expected[index]?.(value));
    }
    case 'traps':
    case 'traps at start':
      return outcome.kind === 'trap';
    case 'exhausts':
      return outcome.kind === 'exhausted';
    case 'throws':
      return outcome.kind === 'thrown';
    case 'unlinkable':
      return outcome.kind === 'unlinkable' || (outcome.kind === 'broken' && outcome.message.includes('Import'));
    case 'invalid':
    case 'malformed':
      return outcome.kind === 'invalid';
    case 'thread':
      return false;
  }
}

export function toText(outcome: Outcome): string {
  if (outcome.kind !== 'values') return `${outcome.kind}: ${outcome.message}`;
  const text = (value: Value): string =>
    value.kind === 'bits' ? `${value.type} 0x${value.bits.toString(16)}` : String(value.value);
  return `[${outcome.values.map(text).join(', ')}]`;
}
