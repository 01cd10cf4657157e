import type { Command } from './command.ts';

/** A command by its name; the rest of it is loaded when it is needed. */
export interface NamedCommand {
  readonly name: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly NamedCommand[] = [
  { name: 'serve', load: async () => (await import('./commands/serve.ts')).serveCommand },
  { name: 'init', load: async () => (await import('./commands/init.ts')).initCommand },
  { name: 'build', load: async () => (await import('./commands/build.ts')).buildCommand },
  { name: 'inspect', load: async () => (await import('./commands/inspect.ts')).inspectCommand },
  { name: 'deploy', load: async () => (await import('./commands/deploy.ts')).deployCommand },
  { name: 'invoke', load: async () => (await import('./commands/invoke.ts')).invokeCommand },
  { name: 'list', load: async () => (await import('./commands/list.ts')).listCommand },
  { name: 'logs', load: async () => (await import('./commands/logs.ts')).logsCommand },
  { name: 'usage', load: async () => (await import('./commands/usage.ts')).usageCommand },
  { name: 'delete', load: async () => (await import('./commands/delete.ts')).deleteCommand },
  { name: 'bench', load: async () => (await import('./commands/bench.ts')).benchCommand },
];
