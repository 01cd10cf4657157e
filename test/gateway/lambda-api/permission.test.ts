import { describe, expect, it } from 'vitest';
import type { Authorizer, Question } from '../../../runtime/contract/authorizer.ts';
import type { Caller } from '../../../runtime/gateway/auth/authenticator.ts';
import type { ApiRequest, Operation } from '../../../runtime/gateway/lambda-api/operation.ts';
import { assertPermitted } from '../../../runtime/gateway/lambda-api/permission.ts';
import { toRequestHead } from '../../../runtime/gateway/request-head.ts';
import { ROOT_ONLY } from '../fixture.ts';

const SCOPE = { region: 'us-east-1', accountId: '000000000000' };
const ARN = 'arn:aws:lambda:us-east-1:000000000000';
const ALICE = 'arn:aws:iam::000000000000:user/alice';
const head = toRequestHead({
  method: 'GET',
  target: '/',
  headerLines: [],
  sourceIp: '127.0.0.1',
  protocol: 'HTTP/1.1',
});

async function ask(
  operation: Partial<Operation>,
  params: Record<string, string>,
  query = '',
): Promise<readonly Question[]> {
  const asked: Question[] = [];
  const authorizer: Authorizer = {
    ...ROOT_ONLY,
    judge: (question) => {
      asked.push(question);
      return { decision: 'allowed', by: 'identity' };
    },
  };
  const principal = { kind: 'user', accountId: SCOPE.accountId, arn: ALICE, userId: 'AIDA', name: 'alice' } as const;
  const verify = () => undefined;
  const caller: Caller = { scope: SCOPE, principal, verify, verifyOnce: verify, presign: async (path) => path };
  const whole = { name: 'X', method: 'GET', path: '/', handle: async () => ({ status: 200 }), ...operation } as const;
  const body = new Uint8Array(0);
  const request: ApiRequest = {
    ...{ scope: SCOPE, requestId: '', params, query: new URLSearchParams(query), body },
    ...{ traceId: () => '', linkTo: async (path) => path },
  };
  await assertPermitted(whole, request, { authorizer, caller, head });
  return asked;
}

async function resourceOf(params: Record<string, string>, query = ''): Promise<string> {
  const [question] = await ask({}, params, query);
  return question!.resource;
}

describe('an operation', () => {
  it('is asked for by its own name, or by the action that it says', async () => {
    expect((await ask({ name: 'GetFunction' }, {}))[0]).toMatchObject({ action: 'lambda:GetFunction', resource: '*' });
    const [question] = await ask({ name: 'DownloadPackage', action: 'GetFunction' }, {});
    expect(question).toMatchObject({ action: 'lambda:GetFunction', context: { 'aws:SourceIp': '127.0.0.1' } });
  });

  it.each([
    ['f', '', 'function:f'],
    ['f:1', '', 'function:f:1'],
    ['f', 'Qualifier=live', 'function:f:live'],
    ['f:$LATEST', '', 'function:f'],
    ['000000000000:function:f', '', 'function:f'],
    [`${ARN}:function:f`, '', 'function:f'],
    [`${ARN}:f`, '', 'function:f'],
    ['arn:aws-cn:lambda:us-east-1:000000000000:function:f:1', '', 'function:f:1'],
    ['arn:aws:lambda:function:f', '', 'function:f'],
  ])('means by %s %s the same as policies do', async (FunctionName, query, resource) => {
    expect(await resourceOf({ FunctionName }, query)).toBe(`${ARN}:${resource}`);
  });

  it.each([
    [{ Resource: `${ARN}:function:f` }, 'function:f'],
    [{ Resource: 'arn:aws:lambda:function:f' }, 'function:f'],
    [{ Resource: 'arn:aws-us-gov:lambda:us-east-1:000000000000:f' }, 'function:f'],
    [{ Resource: `${ARN}:event-source-mapping:uuid` }, 'event-source-mapping:uuid'],
    [{ Resource: 'arn:aws-cn:lambda:us-east-1:000000000000:event-source-mapping:u' }, 'event-source-mapping:u'],
    [{ UUID: 'uuid' }, 'event-source-mapping:uuid'],
    [{ LayerName: 'l' }, 'layer:l'],
    [{ LayerName: 'l', VersionNumber: '1' }, 'layer:l:1'],
    [{ LayerName: 'l', VersionNumber: '001' }, 'layer:l:1'],
    [{ LayerName: 'arn:any:lambda:us-east-1:000000000000:layer:l', VersionNumber: '1' }, 'layer:l:1'],
  ])('means by %o the same as policies do', async (params, resource) => {
    expect(await resourceOf(params as unknown as Record<string, string>)).toBe(`${ARN}:${resource}`);
  });

  it('that names layers is asked for each of them, however it spells them', async () => {
    const usesLayers = () => ['arn:x:lambda:us-east-1:000000000000:layer:l:01', `${ARN}:layer:m:2`];
    const [, ...layers] = await ask({ usesLayers }, { FunctionName: 'f' });
    expect(layers.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `lambda:GetLayerVersion ${ARN}:layer:l:1`,
      `lambda:GetLayerVersion ${ARN}:layer:m:2`,
    ]);
  });
});
