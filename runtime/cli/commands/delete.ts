import type { Arguments, Command, Host, Result } from '../command.ts';
import { ENDPOINT_OPTION, resolveEndpoint } from '../endpoint.ts';
import { isOwnRole, removeOwnRole } from '../execution-role.ts';
import { functionPath, getFunction } from '../function-api.ts';
import { createLambdaClient } from '../lambda-client.ts';
import { toUnknownFunction } from '../unknown-function.ts';

export const deleteCommand: Command = {
  name: 'delete',
  synopsis: '<name>',
  summary: 'remove a function and all its versions',
  positionals: { min: 1, max: 1 },
  options: ENDPOINT_OPTION,
  run: remove,
};

async function remove(args: Arguments, host: Host): Promise<Result> {
  const name = args.positionals[0]!;
  const client = await createLambdaClient(resolveEndpoint(args, host), host);
  const role = (await getFunction(client, name))?.Role;
  await client.call({ method: 'DELETE', path: functionPath(name) }).catch(async (error: unknown) => {
    throw await toUnknownFunction(error, client, name);
  });
  if (role !== undefined && isOwnRole(role, name)) await removeOwnRole(client, name);
  return { json: { deleted: name }, text: `${host.style.good('✓')} ${name} is deleted` };
}
