import { parseArgs } from 'node:util';
import type { Arguments, Command, CommandOption } from './command.ts';
import { systemCode, UsageError } from './failure.ts';
import { findNearest } from './nearest.ts';

/** Options that every command takes. */
export const COMMON_OPTIONS: Readonly<Record<string, CommandOption>> = {
  json: { type: 'flag', help: 'print the result as JSON' },
  help: { type: 'flag', short: 'h', help: 'show this help' },
};

/** Checks what was typed behind the command's name, or throws a UsageError that names what does not fit. */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const known = { ...command.options, ...COMMON_OPTIONS };
  const options = Object.fromEntries(
    Object.entries(known).map(([name, option]) => [
      name,
      {
        type: option.type === 'flag' ? ('boolean' as const) : ('string' as const),
        multiple: option.type === 'list',
        ...(option.short === undefined ? {} : { short: option.short }),
      },
    ]),
  );
  const { values, positionals } = parse(command, argv, options);
  const parsed: Arguments = {
    positionals,
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    flag: (name) => values[name] === true,
    list: (name) => (Array.isArray(values[name]) ? values[name].map(String) : []),
  };
  if (!parsed.flag('help')) assertCount(command, positionals);
  return parsed;
}

function parse(
  command: Command,
  argv: readonly string[],
  options: Record<string, { type: 'boolean' | 'string'; multiple: boolean }>,
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/\.\s|\n/);
    const known = systemCode(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? Object.keys(options) : [];
    const near = findNearest(/'--([^']+)'/.exec(sentence)?.[1] ?? '', known);
    throw new UsageError(
      `${sentence.replace(/\.$/, '')}${near ? `; did you mean \`--${near}\`?` : ':'} \`isola ${command.name} --help\` shows the options.`,
    );
  }
}

function assertCount(command: Command, positionals: readonly string[]): void {
  const { min, max } = command.positionals;
  if (positionals.length < min) throw new UsageError(`\`isola ${command.name}\` needs ${command.synopsis}.`);
  if (positionals.length > max) throw new UsageError(`\`${positionals[max]}\` is one argument too many.`);
}

/** A whole number, or a UsageError that names the option. */
export function parseWhole(args: Arguments, name: string): number | undefined {
  const value = args.text(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`--${name} takes a whole number, not \`${value}\`.`);
  return Number(value);
}

/** `K=V` pairs as a record; undefined when there are none. */
export function parsePairs(args: Arguments, name: string): Readonly<Record<string, string>> | undefined {
  const pairs = args.list(name).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--${name} takes NAME=VALUE, not \`${pair}\`.`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}
