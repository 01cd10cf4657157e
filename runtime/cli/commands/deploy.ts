import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parsePairs, parseWhole } from '../arguments.ts';
import type { Arguments, Command, Host, Result } from '../command.ts';
import { type Deployment, deployFunction } from '../deployment.ts';
import { ENDPOINT_OPTION, resolveEndpoint } from '../endpoint.ts';
import { CliError, UsageError } from '../failure.ts';
import { toFunctionUrl } from '../function-url.ts';
import { createLambdaClient } from '../lambda-client.ts';
import { readPublicUrl } from '../public-url.ts';

export const deployCommand: Command = {
  name: 'deploy',
  synopsis: '[folder|file.wasm|file.zip]',
  summary: 'build a folder and deploy it, or deploy a compiled module',
  positionals: { min: 0, max: 1 },
  options: {
    name: { type: 'text', value: 'NAME', help: 'function name (default: isola.json, or the file name)' },
    handler: { type: 'text', value: 'HANDLER', help: 'what follows the last dot names the export (index.handler)' },
    memory: { type: 'text', value: 'MB', help: 'hard memory limit in MB (default 128)' },
    timeout: { type: 'text', value: 'SECONDS', help: 'time limit of one invocation (default 3)' },
    env: {
      type: 'list',
      value: 'NAME=VALUE',
      help: 'environment variable, repeatable; added to those of isola.json',
    },
    role: { type: 'text', value: 'ROLE', help: 'execution role, by name or ARN (default isola, which may only log)' },
    url: { type: 'flag', help: 'give it a public URL even if isola.json says no' },
    ...ENDPOINT_OPTION,
  },
  run: deploy,
};

async function deploy(args: Arguments, host: Host): Promise<Result> {
  const endpoint = resolveEndpoint(args, host);
  const overrides = {
    memoryMb: parseWhole(args, 'memory'),
    timeoutSeconds: parseWhole(args, 'timeout'),
    environment: parsePairs(args, 'env'),
  };
  const target = resolve(host.cwd, args.positionals[0] ?? '.');
  const source = await readSource(target, host);
  const accountId = host.env.ISOLA_ACCOUNT_ID || '000000000000';
  const deployment: Deployment = {
    ...source,
    name: assertName(args.text('name') ?? source.name, ', e.g. with --name'),
    handler: args.text('handler') ?? source.handler,
    memoryMb: overrides.memoryMb ?? source.memoryMb,
    timeoutSeconds: overrides.timeoutSeconds ?? source.timeoutSeconds,
    environment: overrides.environment ? { ...source.environment, ...overrides.environment } : source.environment,
    publicUrl: args.flag('url') || source.publicUrl,
    role: toRoleArn(args.text('role'), accountId),
    accountId,
  };
  const client = await createLambdaClient(endpoint, host);
  const { change, functionArn, advice } = await deployFunction(client, deployment, host.progress);
  const { name } = deployment;
  const url = deployment.publicUrl ? toFunctionUrl(await readPublicUrl(endpoint), name) : undefined;
  const without = host.style.dim(`  It has no URL: --url, or "url": true in isola.json, gives it one.`);
  const text = [
    `${host.style.good('✓')} ${host.style.bold(name)} is ${change === 'unchanged' ? 'as it was' : change}`,
    ...(advice === undefined ? [] : ['', `  ${host.style.bold('Note:')} ${advice}`]),
    ...(url === undefined ? ['', without] : ['', `  ${url}`, `  curl ${deployment.streamedUrl ? '-N ' : ''}'${url}'`]),
    '',
    host.style.dim(`Next: isola invoke ${name} --payload '{}' --log`),
  ];
  return { json: { name, change, functionArn, url, advice }, text: text.join('\n') };
}

type Source = Omit<Deployment, 'accountId'>;

function toRoleArn(role: string | undefined, accountId: string): string | undefined {
  return role === undefined || role.startsWith('arn:') ? role : `arn:aws:iam::${accountId}:role/${role}`;
}

async function readSource(target: string, host: Host): Promise<Source> {
  const kind = await stat(target).catch(() => undefined);
  if (kind === undefined) throw new CliError(`There is no ${target}: give a folder, a .wasm or a .zip.`);
  if (kind.isDirectory()) return await readFolder(target, host);
  return {
    name: basename(target).replace(/\.(wasm|zip)$/, ''),
    code: await readCode(target),
    handler: 'index.handler',
    publicUrl: true,
  };
}

/** Reads a package, of which the first bytes say what it is. */
export async function readCode(target: string): Promise<Uint8Array> {
  if (!/\.(wasm|zip)$/.test(target)) throw new UsageError(`${target} is neither a folder, a .wasm nor a .zip.`);
  const code = await readFile(target);
  const start = code.subarray(0, 4).toString('latin1');
  if (start === '\0asm' || start.startsWith('PK')) return code;
  throw new CliError(
    `${target} holds neither WebAssembly nor a zip: give what \`isola build\` or another compiler wrote.`,
  );
}

/** Builds a folder and reads its settings. */
export async function readFolder(folder: string, host: Host): Promise<Source> {
  const toolchain = await host.toolchain();
  const project = await toolchain.readProject(folder);
  const built = await toolchain.buildFunction(folder, host.progress);
  return {
    name: project.name,
    code: built.wasm,
    handler: built.handler,
    description: project.description,
    memoryMb: project.memory,
    timeoutSeconds: project.timeout,
    ephemeralStorageMb: project.ephemeralStorage,
    environment: project.environment,
    grants: project.grants,
    publicUrl: project.url !== false,
    streamedUrl: project.url === 'stream',
  };
}

/** Lambda's rule for names. */
export function assertName(name: string, wayOut = ''): string {
  if (/^[a-zA-Z0-9-_]{1,64}$/.test(name)) return name;
  throw new UsageError(`\`${name}\` is no function name: use up to 64 letters, digits, - and _${wayOut}.`);
}
