import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';

describe('resource policies, by the SDK', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
    await isola.create('f', answering('"in"'), { Publish: true });
    await isola.client.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1' }));
  });
  afterAll(() => isola.stop());

  it('hold statements field by field, under the revision of the function', async () => {
    const grant = {
      FunctionName: 'f',
      StatementId: 'photos',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::photos',
      SourceAccount: '000000000000',
    };
    const expected = {
      Sid: 'photos',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: ARN,
      Condition: {
        StringEquals: { 'AWS:SourceAccount': '000000000000' },
        ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::photos' },
      },
    };
    const added = await isola.client.send(new AddPermissionCommand(grant));
    expect(added.$metadata.httpStatusCode).toBe(201);
    expect(JSON.parse(added.Statement ?? '')).toEqual(expected);
    const { Policy = '', RevisionId = '' } = await isola.client.send(new GetPolicyCommand({ FunctionName: 'f' }));
    expect(JSON.parse(Policy)).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [expected] });
    const configuration = await isola.client.send(new GetFunctionConfigurationCommand({ FunctionName: 'f' }));
    expect(configuration.RevisionId).toBe(RevisionId);
    await expect(isola.client.send(new AddPermissionCommand(grant))).rejects.toMatchObject({
      name: 'ResourceConflictException',
      $metadata: { httpStatusCode: 409 },
    });
    const removal = { FunctionName: 'f', StatementId: 'photos' };
    await expect(
      isola.client.send(new RemovePermissionCommand({ ...removal, RevisionId: 'another' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException', $metadata: { httpStatusCode: 412 } });
    const removed = await isola.client.send(new RemovePermissionCommand({ ...removal, RevisionId }));
    expect(removed.$metadata.httpStatusCode).toBe(204);
    await expect(isola.client.send(new GetPolicyCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
  });

  it('open a function URL to everyone, and close it again', async () => {
    const live = { FunctionName: 'f', Qualifier: 'live' };
    await isola.client.send(new CreateFunctionUrlConfigCommand({ ...live, AuthType: 'NONE' }));
    const visit = () => fetch(`${isola.url}/url/f:live/`);
    const refused = await visit();
    expect([refused.status, refused.headers.get('x-amzn-errortype')]).toEqual([403, 'AccessDeniedException']);
    expect(await refused.json()).toEqual({ Message: expect.stringMatching(/^Forbidden\. For troubleshooting/) });
    await isola.client.send(
      new AddPermissionCommand({
        ...live,
        ...{ StatementId: 'anyone', Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      }),
    );
    expect(await (await visit()).text()).toBe('in');
    await isola.client.send(new RemovePermissionCommand({ ...live, StatementId: 'anyone' }));
    expect((await visit()).status).toBe(403);
  });
});
