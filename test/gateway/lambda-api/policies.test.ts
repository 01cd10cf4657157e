import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyOperations } from '../../../runtime/gateway/lambda-api/policies.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from '../../registry/fixture.ts';
import { createCaller } from './fixture.ts';

const F = { FunctionName: 'f' };
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const GRANT = { StatementId: 's3', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' };

describe('the operations on policies', () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    call = createCaller(policyOperations(bench.registry));
  });
  afterEach(() => bench.dispose());

  it('add a statement, show the policy and remove the statement', async () => {
    const statement = {
      Sid: 's3',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: ARN,
      Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::photos' } },
    };
    const body = { ...GRANT, SourceArn: 'arn:aws:s3:::photos' };
    expect(await call('AddPermission', { params: F, body })).toEqual({
      status: 201,
      body: { Statement: JSON.stringify(statement) },
    });
    expect(await call('GetPolicy', { params: F })).toEqual({
      status: 200,
      body: {
        Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [statement] }),
        RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(await call('RemovePermission', { params: { ...F, StatementId: 's3' } })).toEqual({ status: 204 });
    await expect(call('GetPolicy', { params: F })).rejects.toThrow('The resource you requested does not exist.');
  });

  it('take the revision from the body and from the query', async () => {
    const stale = { RevisionId: 'stale' };
    const code = 'PreconditionFailedException';
    await expect(call('AddPermission', { params: F, body: { ...GRANT, ...stale } })).rejects.toMatchObject({ code });
    await call('AddPermission', { params: F, body: GRANT });
    const params = { ...F, StatementId: 's3' };
    await expect(call('RemovePermission', { params, query: stale })).rejects.toMatchObject({ code });
  });

  it.each<[unknown, string]>([
    [{}, "3 validation errors detected: Value null at 'statementId'"],
    [{ ...GRANT, Principal: null }, "Value null at 'principal' failed to satisfy constraint: Member must not be null"],
    [{ ...GRANT, StatementId: 1 }, 'StatementId must be a string'],
    [{ ...GRANT, Action: ['lambda:InvokeFunction'] }, 'Action must be a string'],
    [{ ...GRANT, FunctionUrlAuthType: 'OPEN' }, 'Member must satisfy enum value set: [NONE, AWS_IAM]'],
    [{ ...GRANT, InvokedViaFunctionUrl: 'true' }, 'InvokedViaFunctionUrl must be true or false'],
    [{ ...GRANT, SourceArn: {} }, 'SourceArn must be a string'],
    ['[]', 'the body must be an object'],
    ['{', 'Could not parse request body into json'],
  ])('refuse %j', async (body, message) => {
    await expect(call('AddPermission', { params: F, body })).rejects.toThrow(message);
    await expect(call('GetPolicy', { params: F })).rejects.toThrow('The resource you requested does not exist.');
  });
});
