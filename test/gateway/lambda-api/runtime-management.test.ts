import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recursionOperations } from '../../../runtime/gateway/lambda-api/recursion.ts';
import { runtimeManagementOperations } from '../../../runtime/gateway/lambda-api/runtime-management.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from '../../registry/fixture.ts';
import { createCaller } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const RUNTIME = 'arn:aws:lambda:us-east-1::runtime:0cdcfbdefbc5e7d3343f73c2e2dd3cba17d61dea0686b404502a0c9ce83931b9';
const params = { FunctionName: 'f' };
let bench: Workbench;
let call: ReturnType<typeof createCaller>;
beforeEach(async () => {
  bench = await createWorkbench();
  await bench.registry.create(SCOPE, 'f', createInput());
  await bench.registry.versions.publish(SCOPE, 'f', {});
  call = createCaller([...runtimeManagementOperations(bench.registry), ...recursionOperations(bench.registry)]);
});
afterEach(() => bench.dispose());

describe('operations on runtime management', () => {
  const put = (body: unknown, query = {}) => call('PutRuntimeManagementConfig', { params, query, body });
  const get = async (query = {}) => (await call('GetRuntimeManagementConfig', { params, query })).body;

  it('answer Auto until something else is put, for a version of its own', async () => {
    expect(await get()).toEqual({ UpdateRuntimeOn: 'Auto', FunctionArn: ARN });
    const manual = { UpdateRuntimeOn: 'Manual', RuntimeVersionArn: RUNTIME };
    expect(await put(manual, { Qualifier: '1' })).toEqual({
      status: 200,
      body: { ...manual, FunctionArn: `${ARN}:1` },
    });
    expect(await get({ Qualifier: '1' })).toEqual({ ...manual, FunctionArn: `${ARN}:1` });
    await put({ UpdateRuntimeOn: 'FunctionUpdate' });
    expect(await get()).toEqual({ UpdateRuntimeOn: 'FunctionUpdate', FunctionArn: ARN });
  });

  it.each([
    [{}, "Value null at 'updateRuntimeOn'"],
    [{ UpdateRuntimeOn: 'Never' }, 'Member must satisfy enum value set: [Auto, Manual, FunctionUpdate]'],
    [{ UpdateRuntimeOn: 'Manual' }, 'RuntimeVersionArn is required'],
    [{ UpdateRuntimeOn: 'Auto', RuntimeVersionArn: RUNTIME }, 'RuntimeVersionArn is allowed only'],
    [{ UpdateRuntimeOn: 'Manual', RuntimeVersionArn: `${'x'.repeat(30)}` }, "at 'runtimeVersionArn'"],
  ])('refuse %j', async (body, message) => {
    await expect(put(body)).rejects.toThrow(message);
  });

  it('know no version that is not there', async () => {
    await expect(get({ Qualifier: '9' })).rejects.toThrow(`Function not found: ${ARN}:9`);
  });
});

describe('operations on recursion', () => {
  const get = async () => (await call('GetFunctionRecursionConfig', { params })).body;

  it('answer Terminate until something else is put', async () => {
    expect(await get()).toEqual({ RecursiveLoop: 'Terminate' });
    const allowed = { RecursiveLoop: 'Allow' };
    expect(await call('PutFunctionRecursionConfig', { params, body: allowed })).toEqual({ status: 200, body: allowed });
    expect(await get()).toEqual(allowed);
  });

  it('refuse what is neither', async () => {
    const put = call('PutFunctionRecursionConfig', { params, body: { RecursiveLoop: 'Maybe' } });
    await expect(put).rejects.toThrow('Member must satisfy enum value set: [Allow, Terminate]');
  });
});
