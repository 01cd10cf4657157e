import { parseArguments } from './arguments.ts';
import type { Host, Result } from './command.ts';
import type { NamedCommand } from './commands.ts';
import { UsageError } from './failure.ts';
import { toCommandHelp, toOverview } from './help.ts';
import { findNearest } from './nearest.ts';

/** How a run ended: what to print where, and the exit code (0 done, 1 failed, 2 wrong usage). */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs one command line. Never rejects: failures end as a sentence on stderr, and as `{"error"}` with `--json`. */
export async function runCommandLine(
  argv: readonly string[],
  commands: readonly NamedCommand[],
  host: Host,
  version: string,
): Promise<Ended> {
  const wantsJson = argv.includes('--json');
  try {
    const result = await dispatch(argv, commands, host, version);
    const stdout = wantsJson ? JSON.stringify(result.json) : result.text;
    return { stdout: stdout === '' ? '' : `${stdout}\n`, stderr: '', exitCode: result.exitCode ?? 0 };
  } catch (error) {
    const exitCode = error instanceof UsageError ? 2 : 1;
    const message = error instanceof Error ? error.message : String(error);
    return {
      stdout: wantsJson ? `${JSON.stringify({ error: { message } })}\n` : '',
      stderr: `${host.style.bad('isola:')} ${message}\n`,
      exitCode,
    };
  }
}

async function dispatch(
  argv: readonly string[],
  commands: readonly NamedCommand[],
  host: Host,
  version: string,
): Promise<Result> {
  const [name, ...rest] = argv;
  if (name === undefined) return { ...(await showOverview(commands)), exitCode: 2 };
  if (name === '--version' || name === '-v') return { json: { version }, text: version };
  if (name === 'help' || name === '--help' || name === '-h') {
    const [topic] = rest;
    if (topic === undefined) return showOverview(commands);
    const text = toCommandHelp(await findCommand(topic, commands).load());
    return { json: { usage: text }, text };
  }
  const command = await findCommand(name, commands).load();
  const args = parseArguments(command, rest);
  if (args.flag('help')) return { json: { usage: toCommandHelp(command) }, text: toCommandHelp(command) };
  return await command.run(args, host);
}

function findCommand(name: string, commands: readonly NamedCommand[]): NamedCommand {
  const found = commands.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const near = findNearest(name, names);
  throw new UsageError(
    `There is no command \`${name}\`${near ? `; did you mean \`isola ${near}\`?` : ': `isola help` lists them.'}`,
  );
}

async function showOverview(commands: readonly NamedCommand[]): Promise<Result> {
  const text = toOverview(await Promise.all(commands.map((command) => command.load())));
  return { json: { usage: text }, text };
}
