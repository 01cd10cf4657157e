import type { LambdaClient } from '@aws-sdk/client-lambda';

/** The operations of everyday workflow and of infrastructure tools; the rest answer modeled errors. */
export const OPERATIONS: readonly string[] = `
  CreateFunction GetFunction GetFunctionConfiguration ListFunctions UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction
  Invoke InvokeWithResponseStream PublishVersion ListVersionsByFunction
  CreateAlias GetAlias UpdateAlias DeleteAlias ListAliases
  AddPermission GetPolicy RemovePermission
  PublishLayerVersion GetLayerVersion DeleteLayerVersion GetLayerVersionByArn ListLayers ListLayerVersions
  AddLayerVersionPermission GetLayerVersionPolicy RemoveLayerVersionPermission
  PutFunctionConcurrency DeleteFunctionConcurrency GetFunctionConcurrency
  PutProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig ListProvisionedConcurrencyConfigs
  PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig
  ListFunctionEventInvokeConfigs
  CreateEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping ListEventSourceMappings
  CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig ListFunctionUrlConfigs
  ListTags TagResource UntagResource GetAccountSettings GetFunctionCodeSigningConfig
  GetRuntimeManagementConfig PutRuntimeManagementConfig GetFunctionRecursionConfig PutFunctionRecursionConfig
`
  .trim()
  .split(/\s+/);

/** The names of the operations that this client has been answered, from now on. */
export function recordOperations(client: LambdaClient): ReadonlySet<string> {
  const answered = new Set<string>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      answered.add((context.commandName ?? '').replace(/Command$/, ''));
      return answer;
    },
    { step: 'initialize' },
  );
  return answered;
}

/** The items of all pages. */
export async function whole<Page, Item>(
  paginator: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of paginator) all.push(...(items(page) ?? []));
  return all;
}
