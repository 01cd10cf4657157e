import { COMMON_OPTIONS } from './arguments.ts';
import type { Command, CommandOption } from './command.ts';

/** What `isola help` shows. */
export function toOverview(commands: readonly Command[]): string {
  return [
    'isola: AWS Lambda on your own machine',
    '',
    'Usage: isola <command> [options]',
    '',
    columns(commands.map((command) => [`${command.name} ${command.synopsis}`.trim(), command.summary])),
    '',
    '`isola <command> --help` shows its options. `--json` works everywhere.',
    'First steps: `isola serve`, then `isola init my-fn && cd my-fn && isola deploy` in another shell.',
  ].join('\n');
}

/** What `isola <command> --help` shows. */
export function toCommandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS });
  return [
    `isola ${command.name}: ${command.summary}`,
    '',
    `Usage: ${`isola ${command.name} ${command.synopsis}`.trim()} [options]`,
    '',
    columns(options.map(([name, option]) => [toFlag(name, option), option.help])),
  ].join('\n');
}

function toFlag(name: string, { short, value }: CommandOption): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** The command whose name is nearest to what was typed, when it is near enough to be a slip. */
export function suggestCommand(typed: string, commands: readonly Pick<Command, 'name'>[]): string | undefined {
  const [best] = commands
    .map((command) => ({ name: command.name, distance: editDistance(typed, command.name) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= 2 ? best.name : undefined;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
