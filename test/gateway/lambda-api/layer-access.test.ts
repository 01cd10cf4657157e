import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Authorizer, Principal } from '../../../runtime/contract/authorizer.ts';
import type { Caller } from '../../../runtime/gateway/auth/authenticator.ts';
import { functionOperations } from '../../../runtime/gateway/lambda-api/functions.ts';
import { layerPermissionOperations } from '../../../runtime/gateway/lambda-api/layer-permissions.ts';
import { layerOperations } from '../../../runtime/gateway/lambda-api/layers.ts';
import type { Operation } from '../../../runtime/gateway/lambda-api/operation.ts';
import { assertPermitted } from '../../../runtime/gateway/lambda-api/permission.ts';
import type { RequestHead } from '../../../runtime/gateway/request-head.ts';
import { createWorkbench, SCOPE, type Workbench } from '../../registry/fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:layer:l';
const USER: Principal = {
  ...{ kind: 'user', accountId: SCOPE.accountId, userId: 'AIDA', name: 'u' },
  arn: 'arn:aws:iam::000000000000:user/u',
};

/** What a user's policies are asked before an operation runs. */
async function asked(
  operation: Operation | undefined,
  request: { params?: Readonly<Record<string, string>>; query?: Readonly<Record<string, string>>; body?: object },
): Promise<string[]> {
  const questions: string[] = [];
  const authorizer: Authorizer = {
    ready: () => undefined,
    judge: ({ action, resource }) => {
      questions.push(`${action} ${resource}`);
      return { decision: 'allowed', by: 'identity' };
    },
    mayRole: () => false,
    suits: () => 'fit',
  };
  const { params = {}, query = {}, body } = request;
  const api = {
    ...{ scope: SCOPE, requestId: 'r', params, query: new URLSearchParams(query) },
    ...{ body: Buffer.from(JSON.stringify(body ?? {})), linkTo: async (path: string) => path },
    traceId: () => '',
  };
  const caller: Caller = {
    scope: SCOPE,
    principal: USER,
    verify: () => undefined,
    verifyOnce: () => undefined,
    presign: async () => '',
  };
  await assertPermitted(operation as Operation, api, { authorizer, caller, head: { headers: {} } as RequestHead });
  return questions;
}

describe('a user needs leave', () => {
  let bench: Workbench;
  let operations: readonly Operation[];
  beforeEach(async () => {
    bench = await createWorkbench();
    operations = [
      ...layerOperations(bench.registry),
      ...layerPermissionOperations(bench.registry),
      ...functionOperations(bench.registry),
    ];
  });
  afterEach(() => bench.dispose());
  const version = { LayerName: 'l', VersionNumber: '1' };

  it.each<[string, Parameters<typeof asked>[1], readonly string[]]>([
    ['PublishLayerVersion', { params: { LayerName: 'l' } }, [`lambda:PublishLayerVersion ${ARN}`]],
    ['GetLayerVersion', { params: version }, [`lambda:GetLayerVersion ${ARN}:1`]],
    ['DeleteLayerVersion', { params: { ...version, LayerName: ARN } }, [`lambda:DeleteLayerVersion ${ARN}:1`]],
    ['ListLayers', {}, ['lambda:ListLayers *']],
    ['ListLayers', { query: { find: 'LayerVersion', Arn: `${ARN}:1` } }, [`lambda:GetLayerVersion ${ARN}:1`]],
    ['AddLayerVersionPermission', { params: version }, [`lambda:AddLayerVersionPermission ${ARN}:1`]],
    [
      'DownloadLayer',
      { params: { ...version, Region: 'eu-west-1' } },
      [`lambda:GetLayerVersion ${ARN.replace('us-east-1', 'eu-west-1')}:1`],
    ],
    [
      'UpdateFunctionConfiguration',
      { params: { FunctionName: 'f' }, body: { Layers: [`${ARN}:1`, `${ARN}:2`] } },
      [
        'lambda:UpdateFunctionConfiguration arn:aws:lambda:us-east-1:000000000000:function:f',
        `lambda:GetLayerVersion ${ARN}:1`,
        `lambda:GetLayerVersion ${ARN}:2`,
      ],
    ],
  ])('for %s %j', async (name, request, questions) => {
    expect(
      await asked(
        operations.find((each) => each.name === name),
        request,
      ),
    ).toEqual(questions);
  });
});
