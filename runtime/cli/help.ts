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

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
