import { mkdir, readdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Arguments, Command, Host, Result } from '../command.ts';
import { CliError, systemCode } from '../failure.ts';
import { assertName } from './deploy.ts';

export const initCommand: Command = {
  name: 'init',
  synopsis: '<name>',
  summary: 'write a new function, ready to deploy, into a new folder',
  positionals: { min: 1, max: 1 },
  options: {},
  run: init,
};

async function init(args: Arguments, host: Host): Promise<Result> {
  const given = args.positionals[0]!;
  const folder = resolve(host.cwd, given);
  const name = assertName(basename(folder));
  await assertEmpty(folder);
  await mkdir(folder, { recursive: true });
  const toolchain = await host.toolchain();
  const files = await toolchain.writeTemplate(folder, name);
  return {
    json: { name, folder, files },
    text: [
      `${host.style.good('✓')} ${host.style.bold(name)} is in ${folder}`,
      ...files.map((file) => `  ${file}`),
      '',
      host.style.dim(`Next: cd ${given} && isola deploy`),
    ].join('\n'),
  };
}

async function assertEmpty(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    if (systemCode(error) !== 'ENOTDIR') throw error;
  }
  throw new CliError(`${folder} is there already and not empty: choose another name.`);
}
