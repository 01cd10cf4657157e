import { resolve } from 'node:path';
import type { Arguments, Command, Host, Result } from '../command.ts';

export const buildCommand: Command = {
  name: 'build',
  synopsis: '[folder]',
  summary: 'compile a function folder to WebAssembly',
  positionals: { min: 0, max: 1 },
  options: {},
  run: build,
};

async function build(args: Arguments, host: Host): Promise<Result> {
  const given = args.positionals[0] ?? '.';
  const toolchain = await host.toolchain();
  const folder = resolve(host.cwd, given);
  const { name } = await toolchain.readProject(folder);
  const built = await toolchain.buildFunction(folder, host.progress);
  const size = built.wasm.length;
  return {
    json: { name, folder, bytes: size, handler: built.handler },
    text: [
      `${host.style.good('✓')} ${host.style.bold(name)} is built: ${size.toLocaleString('en')} bytes, handler ${built.handler}`,
      host.style.dim(`Next: isola deploy${given === '.' ? '' : ` ${given}`}`),
    ].join('\n'),
  };
}
