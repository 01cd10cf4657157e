import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionCommand,
  GetPolicyCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  PublishLayerVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { ROLE } from '../support/isola.ts';
import { type AccessKey, query } from '../support/query-client.ts';

export interface Server {
  readonly client: LambdaClient;
  readonly url: string;
  readonly key: AccessKey;
}

/** Updates of one thing, one after another. The nth writes n, in more than one place where there is more than one. */
export interface Chain {
  readonly length: number;
  readonly update: (server: Server, n: number) => Promise<unknown>;
  /** The n of what is there, 0 before the first; NaN for something that no update wrote as a whole. */
  readonly read: (server: Server) => Promise<number>;
}

/** The functions that there are before the updates begin: the third part of them is updated over and over. */
export const FUNCTIONS = 60;
const arnOf = (index: number): string => `arn:aws:lambda:us-east-1:000000000000:function:f${index}`;
const whole = (numbers: readonly unknown[]): number => {
  const [first, ...others] = numbers.map(Number);
  return first !== undefined && others.every((other) => other === first) ? first : Number.NaN;
};
/** 0 for what is not there. */
async function orNothing(reading: Promise<number>): Promise<number> {
  return reading.catch((error: Error) => {
    if (error.name === 'ResourceNotFoundException') return 0;
    throw error;
  });
}

/** A thousand updates of every kind that changes something durable. */
export function createChains(code: Uint8Array, archive: Uint8Array): readonly Chain[] {
  return Array.from({ length: FUNCTIONS }, (_, index) => [
    ...createdOnce(index, code, archive),
    ...(index % 3 === 0 ? updatedOften(`f${index}`) : []),
  ]).flat();
}

function createdOnce(index: number, code: Uint8Array, archive: Uint8Array): readonly Chain[] {
  const FunctionName = `f${index}`;
  const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:q${index}`;
  return [
    {
      length: 1,
      update: ({ client }) =>
        client.send(
          new CreateFunctionCommand({
            ...{ FunctionName: `new-${index}`, Runtime: 'provided.al2023', Role: ROLE, Handler: 'index.handler' },
            ...{
              Code: { ZipFile: code },
              Tags: { n: '1' },
              Environment: { Variables: { STEP: '1' } },
              Description: '1',
            },
          }),
        ),
      read: ({ client }) =>
        orNothing(
          client.send(new GetFunctionCommand({ FunctionName: `new-${index}` })).then(({ Configuration, Tags }) => {
            const { Description, Environment, State } = Configuration ?? {};
            return whole([Description, Environment?.Variables?.STEP, Tags?.n, State === 'Active' ? 1 : 0]);
          }),
        ),
    },
    {
      length: 1,
      update: ({ client }) =>
        client.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', Cors: { MaxAge: 1 } })),
      read: ({ client }) =>
        orNothing(
          client
            .send(new GetFunctionUrlConfigCommand({ FunctionName }))
            .then(({ AuthType, Cors }) => whole([AuthType === 'NONE' ? 1 : 0, Cors?.MaxAge])),
        ),
    },
    {
      length: 1,
      update: ({ client }) =>
        client.send(
          new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, BatchSize: 1, Enabled: false }),
        ),
      read: async ({ client }) => {
        const { EventSourceMappings = [] } = await client.send(new ListEventSourceMappingsCommand({ EventSourceArn }));
        return whole([EventSourceMappings.length, EventSourceMappings[0]?.BatchSize ?? 0]);
      },
    },
    {
      length: 1,
      update: ({ client }) =>
        client.send(
          new PublishLayerVersionCommand({ LayerName: `l${index}`, Description: '1', Content: { ZipFile: archive } }),
        ),
      read: ({ client }) =>
        orNothing(
          client
            .send(new GetLayerVersionCommand({ LayerName: `l${index}`, VersionNumber: 1 }))
            .then(({ Description, Version }) => whole([Description, Version])),
        ),
    },
    {
      length: 1,
      update: ({ client }) =>
        client.send(new TagResourceCommand({ Resource: arnOf(index), Tags: { one: '1', other: '1' } })),
      read: async ({ client }) => {
        const { Tags = {} } = await client.send(new ListTagsCommand({ Resource: arnOf(index) }));
        return whole([Tags.one ?? 0, Tags.other ?? 0]);
      },
    },
    {
      length: 5,
      update: ({ client }, n) =>
        client.send(
          new AddPermissionCommand({
            ...{ FunctionName, StatementId: `s${n}`, Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
          }),
        ),
      read: ({ client }) =>
        orNothing(
          client.send(new GetPolicyCommand({ FunctionName })).then(({ Policy = '' }) => {
            const sids = (JSON.parse(Policy) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid);
            return whole([sids.length, sids.at(-1)?.slice(1)]);
          }),
        ),
    },
    {
      length: 1,
      update: async ({ url, key }) => {
        const Statement = [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ];
        const document = { Version: '2012-10-17', Statement };
        const parameters = {
          RoleName: `r${index}`,
          Description: '1',
          AssumeRolePolicyDocument: JSON.stringify(document),
        };
        const { status } = await query(url, key, 'iam', 'CreateRole', parameters);
        if (status !== 200) throw Object.assign(new Error('CreateRole'), { $response: { statusCode: status } });
      },
      read: async ({ url, key }) => {
        const answer = await query(url, key, 'iam', 'GetRole', { RoleName: `r${index}` });
        return answer.status === 404 ? 0 : whole([answer.text('Description')]);
      },
    },
  ];
}

function updatedOften(FunctionName: string): readonly Chain[] {
  const length = 5;
  return [
    {
      length,
      update: ({ client }, n) =>
        client.send(
          new UpdateFunctionConfigurationCommand({
            ...{ FunctionName, Description: String(n), Timeout: n, Environment: { Variables: { STEP: String(n) } } },
          }),
        ),
      read: async ({ client }) => {
        const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
        if (found.LastUpdateStatus !== 'Successful') return Number.NaN;
        return found.Description === ''
          ? 0
          : whole([found.Description, found.Timeout, found.Environment?.Variables?.STEP]);
      },
    },
    {
      length,
      update: ({ client }, n) => {
        const input = { FunctionName, Name: 'live', FunctionVersion: '$LATEST', Description: String(n) };
        return n === 1 ? client.send(new CreateAliasCommand(input)) : client.send(new UpdateAliasCommand(input));
      },
      read: ({ client }) =>
        orNothing(
          client
            .send(new GetAliasCommand({ FunctionName, Name: 'live' }))
            .then(({ Description }) => whole([Description])),
        ),
    },
    {
      length,
      update: ({ client }, n) =>
        client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: n })),
      read: async ({ client }) => {
        const found = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
        return found.ReservedConcurrentExecutions ?? 0;
      },
    },
    {
      length,
      update: ({ client }, n) =>
        client.send(
          new PutFunctionEventInvokeConfigCommand({
            ...{ FunctionName, MaximumRetryAttempts: n % 3, MaximumEventAgeInSeconds: 60 + n },
          }),
        ),
      read: ({ client }) =>
        orNothing(
          client
            .send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))
            .then(({ MaximumEventAgeInSeconds: age = 0, MaximumRetryAttempts: attempts }) =>
              (age - 60) % 3 === attempts ? age - 60 : Number.NaN,
            ),
        ),
    },
  ];
}
