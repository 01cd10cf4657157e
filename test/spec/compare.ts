import type { Assembler } from './assembler.ts';
import { isAsSaid, type Outcome, toText } from './outcome.ts';
import { Player } from './player.ts';
import { type Command, parseScript } from './script.ts';
import { MeteredWorld, PlainWorld, type Slices } from './world.ts';

/** What one script gave, the engine alone beside the rewritten modules. Each command counts once in one of these. */
export interface Comparison {
  readonly commands: number;
  /** Text that no assembler takes, malformed text among it: nothing for an engine to see. */
  readonly unassembled: string[];
  /** The engine alone does not do what the script says; nothing is asked of the rewritten module. */
  readonly lacking: string[];
  equal: number;
  /** By what the rewriter said. */
  readonly refused: Map<string, number>;
  readonly differences: string[];
  /** Fuel used by each command that the engine does as said, by line; commands that end in a full stack left out. */
  readonly ledger: [line: number, fuel: number][];
}

export async function compareScript(text: string, assembler: Assembler, slices: Slices): Promise<Comparison> {
  const commands = parseScript(text);
  const plain = new Player(new PlainWorld());
  const world = new MeteredWorld(slices);
  const metered = new Player(world);
  const comparison: Comparison = {
    commands: commands.length,
    unassembled: [],
    lacking: [],
    equal: 0,
    refused: new Map(),
    differences: [],
    ledger: [],
  };
  for (const command of commands) {
    const code = 'source' in command ? await assembler.assemble(command.source) : undefined;
    const alone = plain.play(command, code);
    world.begin();
    const rewritten = metered.play(command, code);
    if ('source' in command && !code) comparison.unassembled.push(`line ${command.line}: ${command.kind}`);
    else if (rewritten.kind === 'refused' && alone.kind === 'values') refuse(comparison, rewritten.message);
    else if (world.leftBehind && isWithoutMeter(alone, rewritten)) refuse(comparison, LEFT_BEHIND);
    else if (!isAsSaid(command, alone))
      comparison.lacking.push(`line ${command.line}: ${command.kind}: ${toText(alone)}`);
    else {
      judge(comparison, command, alone, rewritten);
      if (command.kind !== 'exhausts') comparison.ledger.push([command.line, world.fuel]);
    }
  }
  return comparison;
}

/** The engine's words for a trap must be the same; why modules do not link may be said otherwise, as sizes differ. */
function judge(comparison: Comparison, command: Command, alone: Outcome, rewritten: Outcome): void {
  if (rewritten.kind === 'refused' && alone.kind !== 'invalid') refuse(comparison, rewritten.message);
  else if (isEqual(command, alone, rewritten)) comparison.equal++;
  else {
    comparison.differences.push(
      `line ${command.line}: ${command.kind}: ${toText(alone)} on the engine alone, ${toText(rewritten)} rewritten`,
    );
  }
}

function isEqual(command: Command, alone: Outcome, rewritten: Outcome): boolean {
  if (alone.kind === 'invalid') return rewritten.kind !== 'broken' && rewritten.kind !== 'exhausted';
  if (alone.kind === 'trap') return toText(alone) === toText(rewritten);
  return isAsSaid(command, rewritten);
}

const LEFT_BEHIND = 'a function that was left behind';

/** A function asks for fuel through its own table, which is empty: the trap that a call of nothing gives. */
function isWithoutMeter(alone: Outcome, rewritten: Outcome): boolean {
  return alone.kind === 'values' && rewritten.kind === 'trap' && rewritten.message.endsWith('signature mismatch');
}

function refuse({ refused }: Comparison, why: string): void {
  refused.set(why, (refused.get(why) ?? 0) + 1);
}
