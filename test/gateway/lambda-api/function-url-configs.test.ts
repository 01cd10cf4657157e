import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionUrlOperations } from '../../../runtime/gateway/lambda-api/function-url-configs.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from '../../registry/fixture.ts';
import { createCaller } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const F = { FunctionName: 'f' };

describe('operations on function URLs', () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    call = createCaller(functionUrlOperations(bench.registry));
  });
  afterEach(() => bench.dispose());

  it('create one whose id nobody guesses, and describe it', async () => {
    const cors = { AllowOrigins: ['*'], AllowMethods: ['GET'], MaxAge: 60, AllowCredentials: true };
    const { status, body } = await call('CreateFunctionUrlConfig', {
      params: F,
      body: { AuthType: 'NONE', Cors: cors },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      FunctionUrl: expect.stringMatching(/^http:\/\/[a-z2-7]{32}\.lambda-url\.us-east-1\.localhost:8420\/$/),
      FunctionArn: ARN,
      AuthType: 'NONE',
      Cors: cors,
      CreationTime: expect.stringMatching(/^2020-04-10T19:06:32\.\d{3}Z$/),
      InvokeMode: 'BUFFERED',
    });
    const whole = { ...(body as object), LastModifiedTime: expect.stringMatching(/Z$/) };
    expect(await call('GetFunctionUrlConfig', { params: F })).toEqual({ status: 200, body: whole });
    expect((await call('ListFunctionUrlConfigs', { params: F })).body).toEqual({ FunctionUrlConfigs: [whole] });
  });

  it('keep the URL through an update, and change only what was named', async () => {
    const created = await call('CreateFunctionUrlConfig', {
      params: F,
      body: { AuthType: 'NONE', Cors: { MaxAge: 1 } },
    });
    const updated = await call('UpdateFunctionUrlConfig', { params: F, body: { AuthType: 'AWS_IAM' } });
    expect(updated.body).toEqual({
      ...(created.body as object),
      AuthType: 'AWS_IAM',
      LastModifiedTime: expect.any(String),
    });
  });

  it('delete one, and then it is gone', async () => {
    await call('CreateFunctionUrlConfig', { params: F, body: { AuthType: 'NONE' } });
    expect(await call('DeleteFunctionUrlConfig', { params: F })).toEqual({ status: 204 });
    for (const name of ['GetFunctionUrlConfig', 'DeleteFunctionUrlConfig', 'UpdateFunctionUrlConfig']) {
      await expect(call(name, { params: F })).rejects.toThrow('The resource you requested does not exist.');
    }
    expect((await call('ListFunctionUrlConfigs', { params: F })).body).toEqual({ FunctionUrlConfigs: [] });
  });

  it('refuse a second one for the same function', async () => {
    await call('CreateFunctionUrlConfig', { params: F, body: { AuthType: 'NONE' } });
    await expect(call('CreateFunctionUrlConfig', { params: F, body: { AuthType: 'NONE' } })).rejects.toMatchObject({
      code: 'ResourceConflictException',
      message: `Failed to create function url config for [functionArn = ${ARN}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    });
  });

  it('know no function and no alias that is not there', async () => {
    const body = { AuthType: 'NONE' };
    const missing = { FunctionName: 'g' };
    await expect(call('CreateFunctionUrlConfig', { params: missing, body })).rejects.toThrow('Function does not exist');
    await expect(call('ListFunctionUrlConfigs', { params: missing })).rejects.toThrow('Function does not exist');
    await expect(call('CreateFunctionUrlConfig', { params: F, query: { Qualifier: 'live' }, body })).rejects.toThrow(
      'Function does not exist',
    );
    for (const call404 of [
      { params: missing, body },
      { params: F, query: { Qualifier: 'live' }, body },
    ]) {
      await expect(call('UpdateFunctionUrlConfig', call404)).rejects.toThrow('Function does not exist');
    }
  });

  it.each<[object, string]>([
    [{}, "Value null at 'authType' failed to satisfy constraint: Member must not be null"],
    [{ AuthType: 'OPEN' }, 'Member must satisfy enum value set: [NONE, AWS_IAM]'],
    [{ AuthType: 'NONE', InvokeMode: 'X' }, "at 'invokeMode'"],
    [{ AuthType: 'NONE', Cors: { MaxAge: 86_401 } }, "at 'cors.maxAge'"],
    [{ AuthType: 'NONE', Cors: { AllowMethods: ['TRACE'] } }, "at 'cors.allowMethods'"],
    [{ AuthType: 'NONE', Cors: { AllowHeaders: ['a\r\nb'] } }, "at 'cors.allowHeaders'"],
    [{ AuthType: 'NONE', Cors: { AllowOrigins: ['http://a\n'] } }, "at 'cors.allowOrigins'"],
    [
      { AuthType: 'NONE', Cors: { AllowOrigins: Array(101).fill('a') } },
      'Member must have length less than or equal to 100',
    ],
  ])('refuse %j', async (body, message) => {
    await expect(call('CreateFunctionUrlConfig', { params: F, body })).rejects.toThrow(message);
  });

  it.each(['1', '$LATEST'])('refuse %s as qualifier', async (Qualifier) => {
    await expect(call('GetFunctionUrlConfig', { params: F, query: { Qualifier } })).rejects.toThrow(
      `1 validation error detected: Value '${Qualifier}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)`,
    );
  });

  it('mean the function itself by $LATEST in its ARN', async () => {
    await call('CreateFunctionUrlConfig', { params: F, body: { AuthType: 'NONE' } });
    const params = { FunctionName: `${ARN}:$LATEST` };
    expect(await call('GetFunctionUrlConfig', { params })).toEqual(await call('GetFunctionUrlConfig', { params: F }));
  });
});
