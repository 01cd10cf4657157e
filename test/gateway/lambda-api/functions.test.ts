import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionOperations } from '../../../runtime/gateway/lambda-api/functions.ts';
import { createWorkbench, moduleOf, ROLE, type Workbench } from '../../registry/fixture.ts';
import { createCaller } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const zip = (mark: string) => Buffer.from(moduleOf(mark)).toString('base64');
const F = { FunctionName: 'f' };
const CREATE = {
  FunctionName: 'f',
  Role: ROLE,
  Runtime: 'provided.wasm',
  Handler: 'index.handler',
  Code: { ZipFile: zip('one') },
};

describe('operations on functions', () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  beforeEach(async () => {
    bench = await createWorkbench();
    call = createCaller(functionOperations(bench.registry));
  });
  afterEach(() => bench.dispose());

  it('take a large package as it was sent, and none that is no base64 in the middle', async () => {
    const bytes = Buffer.concat([moduleOf('one'), Buffer.alloc(2_500_000, 'package')]);
    const text = bytes.toString('base64');
    const { body } = await call('CreateFunction', { body: { ...CREATE, Code: { ZipFile: text } } });
    const CodeSha256 = createHash('sha256').update(bytes).digest('base64');
    expect(body).toMatchObject({ CodeSize: bytes.length, CodeSha256 });
    for (const at of [2_097_151, 2_097_152]) {
      const broken = `${text.slice(0, at)}=${text.slice(at + 1)}`;
      await expect(
        call('CreateFunction', { body: { ...CREATE, FunctionName: 'g', Code: { ZipFile: broken } } }),
      ).rejects.toThrow('ZipFile must be base64');
    }
  });

  it('answer a creation as Lambda does, field for field', async () => {
    const { status, body } = await call('CreateFunction', { body: CREATE });
    expect(status).toBe(201);
    expect(JSON.parse(JSON.stringify(body))).toEqual({
      FunctionName: 'f',
      FunctionArn: ARN,
      Runtime: 'provided.wasm',
      Role: ROLE,
      Handler: 'index.handler',
      CodeSize: 11,
      Description: '',
      Timeout: 3,
      MemorySize: 128,
      LastModified: '2020-04-10T19:06:32.563+0000',
      CodeSha256: 'C4HZ0XAF6IrQrlvAJ7pBEttwVhvvWBOBS9P9xwDhEiw=',
      Version: '$LATEST',
      TracingConfig: { Mode: 'PassThrough' },
      RevisionId: expect.stringMatching(UUID),
      State: 'Pending',
      StateReason: 'The function is being created.',
      StateReasonCode: 'Creating',
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      RuntimeVersionConfig: {
        RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/),
      },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/f' },
    });
  });

  it('describe a function whole, then as a configuration, with the qualifier that was asked for in the ARN', async () => {
    await call('CreateFunction', {
      body: { ...CREATE, Tags: { team: 'images' }, Environment: { Variables: { AB: 'c' } } },
    });
    const whole = (await call('GetFunction', { params: F })).body as Record<string, Record<string, unknown>>;
    expect(whole).toMatchObject({
      Code: { RepositoryType: 'S3', Location: expect.stringMatching(/^http:\/\/isola\.test\/packages\//) },
      Tags: { team: 'images' },
    });
    expect(whole.Configuration).toMatchObject({
      FunctionArn: ARN,
      State: 'Active',
      LastUpdateStatus: 'Successful',
      Environment: { Variables: { AB: 'c' } },
    });
    expect(whole.Configuration).not.toHaveProperty('StateReason');
    const { body } = await call('GetFunctionConfiguration', { params: F, query: { Qualifier: '$LATEST' } });
    expect(body).toEqual({ ...whole.Configuration, FunctionArn: `${ARN}:$LATEST` });
    expect((await call('GetFunction', { params: { FunctionName: `${ARN}:$LATEST` } })).body).toMatchObject({
      Configuration: { FunctionArn: `${ARN}:$LATEST` },
    });
  });

  it('list functions by name, in pages, without their states', async () => {
    for (const name of ['b', 'c', 'a']) await call('CreateFunction', { body: { ...CREATE, FunctionName: name } });
    await call('CreateFunction', { body: CREATE, region: 'eu-west-1' });
    const names: string[][] = [];
    let query: Record<string, string> = { MaxItems: '2' };
    for (;;) {
      const { body } = await call('ListFunctions', { query });
      const page = body as { Functions: Record<string, string>[]; NextMarker?: string };
      names.push(page.Functions.map((each) => each.FunctionName as string));
      for (const each of page.Functions)
        expect(Object.keys(each).join()).not.toMatch(/State|LastUpdate|RuntimeVersion/);
      if (page.NextMarker === undefined) break;
      query = { MaxItems: '2', Marker: page.NextMarker };
    }
    expect(names).toEqual([['a', 'b'], ['c']]);
    expect((await call('ListFunctions', { query: { MaxItems: '10000', FunctionVersion: 'ALL' } })).body).toMatchObject({
      Functions: [{ FunctionArn: expect.stringContaining(':a:$LATEST') }, {}, {}],
    });
  });

  it.each([
    [
      { MaxItems: '0' },
      "Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [{ MaxItems: 'many' }, "at 'maxItems'"],
    [{ FunctionVersion: 'SOME' }, 'Member must satisfy enum value set: [ALL]'],
    [{ Marker: '!' }, 'The marker is not one'],
  ])('refuse to list with %j', async (query, message) => {
    await expect(call('ListFunctions', { query })).rejects.toThrow(message);
  });

  it('update code and settings', async () => {
    await call('CreateFunction', { body: CREATE });
    const { body: code } = await call('UpdateFunctionCode', {
      params: F,
      body: { ZipFile: zip('two!'), Architectures: ['arm64'] },
    });
    expect(code).toMatchObject({
      CodeSize: 12,
      Architectures: ['arm64'],
      LastUpdateStatus: 'InProgress',
      LastUpdateStatusReason: 'The function is being created.',
      LastUpdateStatusReasonCode: 'Creating',
    });
    const changes = {
      Timeout: 900,
      MemorySize: 10_240,
      Handler: 'main.run',
      Description: 'd',
      EphemeralStorage: { Size: 1_024 },
      Environment: { Variables: { ISOLA_ISOLATION: 'environment' } },
      LoggingConfig: { LogFormat: 'JSON' },
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:q' },
      TracingConfig: { Mode: 'Active' },
    };
    await call('UpdateFunctionConfiguration', { params: F, body: changes });
    const { body } = await call('GetFunctionConfiguration', { params: F });
    expect(body).toMatchObject({ ...changes, CodeSize: 12, LastUpdateStatus: 'Successful' });
    expect(body).toMatchObject({
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', LogGroup: '/aws/lambda/f' },
    });
    expect(body).toMatchObject({ StateReason: expect.stringContaining('the function has 4096 MB') });
    await call('UpdateFunctionConfiguration', { params: F, body: { DeadLetterConfig: { TargetArn: '' } } });
    expect((await call('GetFunctionConfiguration', { params: F })).body).not.toHaveProperty('DeadLetterConfig');
  });

  it('change nothing in a dry run, which answers how the new code would be known', async () => {
    await call('CreateFunction', { body: CREATE });
    const before = await call('GetFunction', { params: F });
    const { status, body } = await call('UpdateFunctionCode', {
      params: F,
      body: { ZipFile: zip('three'), DryRun: true },
    });
    const CodeSha256 = createHash('sha256').update(moduleOf('three')).digest('base64');
    expect([status, body]).toMatchObject([200, { CodeSha256, CodeSize: moduleOf('three').length, Version: '$LATEST' }]);
    await expect(
      call('UpdateFunctionCode', { params: F, body: { ZipFile: zip('refuse'), DryRun: true } }),
    ).rejects.toThrow('refused');
    expect(await call('GetFunction', { params: F })).toEqual(before);
  });

  it('delete a function with an empty answer', async () => {
    await call('CreateFunction', { body: CREATE });
    expect(await call('DeleteFunction', { params: F })).toEqual({ status: 204 });
    await expect(call('DeleteFunction', { params: F })).rejects.toThrow(`Function not found: ${ARN}`);
  });

  it.each<[string, object, string]>([
    [
      'ValidationException',
      { FunctionName: undefined },
      "Value null at 'functionName' failed to satisfy constraint: Member must not be null",
    ],
    ['ValidationException', { FunctionName: 'x'.repeat(65) }, 'Member must have length less than or equal to 64'],
    [
      'ValidationException',
      { FunctionName: 'a/b' },
      "Value 'a/b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws",
    ],
    ['ValidationException', { Role: 'r', Timeout: 901 }, "2 validation errors detected: Value 'r' at 'role'"],
    [
      'ValidationException',
      { Timeout: 0 },
      "Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    ['ValidationException', { MemorySize: 64 }, "at 'memorySize'"],
    ['ValidationException', { EphemeralStorage: { Size: 10_241 } }, "at 'ephemeralStorage.size'"],
    ['ValidationException', { Handler: 'a b' }, "at 'handler'"],
    ['ValidationException', { Description: 'x'.repeat(257) }, "at 'description'"],
    ['ValidationException', { Architectures: ['mips'] }, 'Member must satisfy enum value set: [x86_64, arm64]'],
    [
      'ValidationException',
      { Environment: { Variables: { 'A-B': 'secret' } } },
      "Value at 'environment.variables' failed",
    ],
    ['ValidationException', { TracingConfig: { Mode: 'Off' } }, "at 'tracingConfig.mode'"],
    [
      'InvalidParameterValueException',
      { Runtime: 'cobol60' },
      "Value cobol60 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [provided.wasm, provided.al2023, provided.al2, provided, nodejs26.x,",
    ],
    [
      'InvalidParameterValueException',
      { Runtime: 'nodejs14.x' },
      'The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.',
    ],
    ['InvalidParameterValueException', { Runtime: undefined }, 'Runtime and Handler are mandatory'],
    ['InvalidParameterValueException', { Code: {} }, 'Please provide a source for function code.'],
    ['InvalidParameterValueException', { Code: { S3Bucket: 'b', S3Key: 'k' } }, 'S3 Error Code: NoSuchBucket'],
    [
      'InvalidParameterValueException',
      { Code: { ZipFile: zip('one'), SourceKMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/k' } },
      'SourceKMSKeyArn is not supported',
    ],
    [
      'InvalidParameterValueException',
      { Code: { S3Bucket: 'b', S3Key: 'k', S3ObjectStorageMode: 'REFERENCE' } },
      'S3ObjectStorageMode REFERENCE is not supported',
    ],
    ['InvalidParameterValueException', { Code: { ImageUri: 'i' } }, 'ImageUri is not supported'],
    ['InvalidParameterValueException', { Code: { ZipFile: '' } }, 'Uploaded file must be a non-empty zip'],
    ['InvalidParameterValueException', { Code: { ZipFile: 'aGVsbG8=' } }, 'Could not unzip uploaded file.'],
    ['InvalidParameterValueException', { Code: { ZipFile: zip('refuse') } }, 'The module is refused.'],
    [
      'RequestEntityTooLargeException',
      { Code: { ZipFile: Buffer.alloc(52_428_801, 80).toString('base64') } },
      'Zipped size must be smaller than 52428800 bytes',
    ],
    ['InvalidParameterValueException', { PackageType: 'Image' }, 'PackageType Image is not supported'],
    [
      'ValidationException',
      { PackageType: 'Tar' },
      "'packageType' failed to satisfy constraint: Member must satisfy enum",
    ],
    ['InvalidParameterValueException', { VpcConfig: { SubnetIds: ['s'] } }, 'VpcConfig is not supported'],
    [
      'InvalidParameterValueException',
      { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:l:1'] },
      'Layer version arn:aws:lambda:us-east-1:000000000000:layer:l:1 does not exist.',
    ],
    ['InvalidRequestContentException', { Timeout: '3' }, 'Timeout must be a whole number'],
    ['InvalidRequestContentException', { Timeout: 1.5 }, 'Timeout must be a whole number'],
    ['InvalidRequestContentException', { Code: 'x' }, 'Code must be an object'],
    ['InvalidRequestContentException', { Code: { ZipFile: 'not base64' } }, 'ZipFile must be base64'],
    [
      'InvalidRequestContentException',
      { Environment: { Variables: { A1: 1 } } },
      'Environment.Variables must be a map of strings',
    ],
  ])('refuse with %s: %j', async (code, change, message) => {
    const failure = call('CreateFunction', { body: { ...CREATE, ...change } });
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect((await call('ListFunctions')).body).toEqual({ Functions: [] });
  });

  it.each(['{', '[]', 'null', '"x"', '\xff'])('refuse the body %j', async (body) => {
    await expect(call('CreateFunction', { body })).rejects.toThrow(
      body === '\xff' ? 'Could not parse' : 'Could not parse request body into json: ',
    );
  });

  it('take empty members for absent ones', async () => {
    const empty = {
      Layers: [],
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
      FileSystemConfigs: [],
      KMSKeyArn: '',
      Description: null,
    };
    expect((await call('CreateFunction', { body: { ...CREATE, ...empty } })).status).toBe(201);
  });
});
