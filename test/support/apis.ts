import { ApiGatewayV2Client, CreateApiCommand } from '@aws-sdk/client-apigatewayv2';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { exchange } from './exchange.ts';
import type { TestIsola } from './isola.ts';
import { readKey } from './query-client.ts';

export const ACCOUNT = '000000000000';

export function toArn(name: string): string {
  return `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;
}

/** AWS's own client of API Gateway's second version. */
export function createApisClient({ url, running }: TestIsola): ApiGatewayV2Client {
  return new ApiGatewayV2Client({
    ...{ endpoint: url, region: 'us-east-1', maxAttempts: 1 },
    credentials: readKey(running.credentialsFile),
  });
}

/** Lets API Gateway invoke a function for whatever `source` matches of an API, such as `*`. */
export async function allowApi(isola: TestIsola, FunctionName: string, source: string): Promise<void> {
  await isola.client.send(
    new AddPermissionCommand({
      ...{ FunctionName, StatementId: `api-${Math.random().toString(36).slice(2)}`, Action: 'lambda:InvokeFunction' },
      ...{ Principal: 'apigateway.amazonaws.com', SourceArn: `arn:aws:execute-api:us-east-1:${ACCOUNT}:${source}` },
    }),
  );
}

/** An API whose every request leads to a function, and which may invoke it. */
export async function createQuickApi(isola: TestIsola, client: ApiGatewayV2Client, name: string): Promise<string> {
  const { ApiId = '' } = await client.send(
    new CreateApiCommand({ Name: name, ProtocolType: 'HTTP', Target: toArn(name) }),
  );
  await allowApi(isola, name, `${ApiId}/*`);
  return ApiId;
}

export interface Visit {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** The text as JSON. */
  readonly body: () => Record<string, unknown>;
}

/** One request to an API by its host. */
export async function visit(
  isola: TestIsola,
  apiId: string,
  path: string,
  request: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
  } = {},
): Promise<Visit> {
  const { method = 'GET', headers = {}, body } = request;
  const host = `${apiId}.execute-api.us-east-1.localhost:${new URL(isola.url).port}`;
  const answer = await exchange(isola.url, {
    ...{ method, path, headers: { host, ...headers } },
    ...(body === undefined ? {} : { body }),
  });
  const text = Buffer.from(answer.body).toString();
  return { status: answer.status, headers: answer.headers, text, body: () => JSON.parse(text) };
}
