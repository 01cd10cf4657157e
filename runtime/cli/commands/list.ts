import type { Arguments, Command, Host, Result } from '../command.ts';
import { ENDPOINT_OPTION, resolveEndpoint } from '../endpoint.ts';
import { hasFunctionUrl, listFunctions } from '../function-api.ts';
import { toFunctionUrl } from '../function-url.ts';
import { createLambdaClient } from '../lambda-client.ts';
import { readPublicUrl } from '../public-url.ts';
import { toTable } from '../style.ts';

export const listCommand: Command = {
  name: 'list',
  synopsis: '',
  summary: 'show what is deployed',
  positionals: { min: 0, max: 0 },
  options: ENDPOINT_OPTION,
  run: list,
};

async function list(args: Arguments, host: Host): Promise<Result> {
  const endpoint = resolveEndpoint(args, host);
  const client = await createLambdaClient(endpoint, host);
  const functions = [...(await listFunctions(client))].sort((a, b) => (a.FunctionName < b.FunctionName ? -1 : 1));
  const urls = new Map<string, string>();
  const publicUrl = await readPublicUrl(endpoint);
  for (const { FunctionName: name } of functions) {
    if (await hasFunctionUrl(client, name)) urls.set(name, toFunctionUrl(publicUrl, name));
  }
  const json = { functions: functions.map((one) => ({ ...one, url: urls.get(one.FunctionName) })) };
  if (functions.length === 0) {
    return { json, text: 'Nothing is deployed yet: `isola init my-fn && cd my-fn && isola deploy` changes that.' };
  }
  const rows = functions.map((one) => [
    one.FunctionName,
    `${one.MemorySize ?? '?'} MB`,
    `${one.Timeout ?? '?'} s`,
    (one.LastModified ?? '').slice(0, 19).replace('T', ' '),
    urls.get(one.FunctionName) ?? '',
  ]);
  return { json, text: toTable(['FUNCTION', 'MEMORY', 'TIMEOUT', 'MODIFIED (UTC)', 'URL'], rows) };
}
