import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { MEMORY_MB } from '../../contract/limits.ts';
import { parseWhole } from '../arguments.ts';
import type { Arguments, Command, Host, Result } from '../command.ts';
import { CliError } from '../failure.ts';
import { drawReport } from '../module-report.ts';
import { readCode, readFolder } from './deploy.ts';

const MOST_LOOPS = 5;

export const inspectCommand: Command = {
  name: 'inspect',
  synopsis: '[file.wasm|file.zip|folder]',
  summary: 'look into a module: what it needs, what it costs, whether a deploy would take it',
  positionals: { min: 0, max: 1 },
  options: {
    memory: { type: 'text', value: 'MB', help: 'judge it for this MemorySize (default 128, or isola.json)' },
    handler: {
      type: 'text',
      value: 'HANDLER',
      help: 'which module of a zip, and which of its exports (default index.handler)',
    },
  },
  run: inspect,
};

async function inspect(args: Arguments, host: Host): Promise<Result> {
  const given = args.positionals[0] ?? '.';
  const target = resolve(host.cwd, given);
  const source = await readSource(target, host);
  const memoryMb = parseWhole(args, 'memory') ?? source.memoryMb ?? MEMORY_MB.default;
  const handler = args.text('handler') ?? source.handler;
  const inspector = await host.inspector();
  const module = await inspector.openModule(source.code, handler);
  const report = inspector.inspectModule(module, { memoryMb, handler, mostLoops: MOST_LOOPS });
  const next =
    report.refused === undefined ? [host.style.dim(`Next: isola deploy${given === '.' ? '' : ` ${given}`}`)] : [];
  return {
    json: { file: target, memoryMb, ...report },
    text: [host.style.bold(basename(target)), '', drawReport(report, memoryMb, host.style), ...next].join('\n'),
    exitCode: report.refused === undefined ? 0 : 1,
  };
}

interface Source {
  readonly code: Uint8Array;
  readonly handler: string;
  readonly memoryMb?: number | undefined;
}

async function readSource(target: string, host: Host): Promise<Source> {
  const kind = await stat(target).catch(() => undefined);
  if (kind === undefined) throw new CliError(`There is no ${target}: give a .wasm, a .zip or a folder.`);
  if (kind.isDirectory()) return await readFolder(target, host);
  return { code: await readCode(target), handler: 'index.handler' };
}
