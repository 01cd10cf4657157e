import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { ROLE, startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

describe.skipIf(!canRunAws)("the AWS CLI (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  let aws: AwsCli;
  beforeAll(async () => {
    isola = await startTestIsola();
    aws = createAwsCli(isola);
    aws.write('echo.zip', await zip({ 'index.wasm': guest('echo') }));
    aws.write('counter.zip', await zip({ bootstrap: guest('counter') }));
    aws.write('layer.zip', await zip({ 'words.txt': Buffer.from('hello') }));
  });
  afterAll(async () => {
    await isola.stop();
    aws.close();
  });

  const lambda = (line: string) => aws.type(`lambda ${line}`);
  const invoke = async (target: string) => {
    const raw = '--cli-binary-format raw-in-base64-out';
    const answer = await lambda(`invoke --function-name ${target} ${raw} --payload '{"a":1}' --log-type Tail out.json`);
    return { ...answer, payload: JSON.parse(aws.read('out.json')) as unknown };
  };

  it('creates, waits for, invokes, updates, lists and deletes a function', async () => {
    const settings = `--runtime provided.wasm --handler index.handler --role ${ROLE}`;
    const created = await lambda(`create-function --function-name by-cli ${settings} --zip-file fileb://echo.zip`);
    expect(created).toMatchObject({ FunctionName: 'by-cli', State: 'Pending', MemorySize: 128, Timeout: 3 });
    await lambda('wait function-active-v2 --function-name by-cli');

    const invoked: Record<string, unknown> = await invoke('by-cli');
    expect(invoked).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', payload: { a: 1 } });
    const log = Buffer.from(String(invoked.LogResult), 'base64').toString();
    expect(log).toMatch(/REPORT RequestId: .*\tDuration: .* ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB/);

    await lambda('update-function-code --function-name by-cli --zip-file fileb://counter.zip');
    await lambda('wait function-updated-v2 --function-name by-cli');
    expect(await invoke('by-cli')).toMatchObject({ payload: 1 });

    await lambda('update-function-configuration --function-name by-cli --memory-size 256 --timeout 5');
    await lambda('wait function-updated-v2 --function-name by-cli');
    const found = await lambda('get-function --function-name by-cli');
    expect(found).toMatchObject({ Configuration: { MemorySize: 256, Timeout: 5 } });
    expect(await lambda('list-functions')).toMatchObject({ Functions: [{ FunctionName: 'by-cli' }] });

    await lambda('delete-function --function-name by-cli');
    await expect(lambda('get-function --function-name by-cli')).rejects.toThrow(/ResourceNotFoundException/);
  }, 120_000);

  it('does what a tutorial types, word for word', async () => {
    const identity = await aws.type('sts get-caller-identity');
    expect(identity).toMatchObject({ Account: '000000000000', Arn: expect.stringMatching(/^arn:aws:iam::/) });
    const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    const made = await aws.type(`iam create-role --role-name lambda-ex --assume-role-policy-document '${document}'`);
    expect(made).toMatchObject({ Role: { Arn: 'arn:aws:iam::000000000000:role/lambda-ex' } });
    const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await aws.type(`iam attach-role-policy --role-name lambda-ex --policy-arn ${basic}`);

    const my = '--function-name my-function';
    const settings = '--runtime provided.al2023 --handler index.handler';
    const role = '--role arn:aws:iam::000000000000:role/lambda-ex';
    await lambda(`create-function ${my} ${settings} ${role} --zip-file fileb://echo.zip`);
    expect(await invoke('my-function')).toMatchObject({ payload: { a: 1 } });
    expect(await lambda(`publish-version ${my}`)).toMatchObject({ Version: '1' });
    await lambda(`update-function-code ${my} --zip-file fileb://counter.zip --publish`);

    const weights = '--routing-config AdditionalVersionWeights={"2"=0.5}';
    await lambda(`create-alias ${my} --name live --function-version 1 ${weights}`);
    await lambda(`update-alias ${my} --name live --function-version 2 --routing-config AdditionalVersionWeights={}`);
    expect(await invoke('my-function:live')).toMatchObject({ ExecutedVersion: '2', payload: 1 });

    const layer = await lambda('publish-layer-version --layer-name words --zip-file fileb://layer.zip');
    expect(layer).toMatchObject({ Version: 1, LayerVersionArn: expect.stringMatching(/:layer:words:1$/) });
    await lambda(`update-function-configuration ${my} --memory-size 256 --layers ${layer.LayerVersionArn}`);
    const configuration = await lambda(`get-function-configuration ${my}`);
    expect(configuration).toMatchObject({ MemorySize: 256, Layers: [{ Arn: layer.LayerVersionArn }] });

    const source = '--principal s3.amazonaws.com --source-arn arn:aws:s3:::my-bucket --source-account 000000000000';
    await lambda(`add-permission ${my} --statement-id s3invoke --action lambda:InvokeFunction ${source}`);
    expect(String((await lambda(`get-policy ${my}`)).Policy)).toContain('"Sid":"s3invoke"');

    await lambda(`put-function-concurrency ${my} --reserved-concurrent-executions 0`);
    await expect(invoke('my-function')).rejects.toThrow(/TooManyRequestsException/);
    await lambda(`put-function-concurrency ${my} --reserved-concurrent-executions 5`);
    const one = `${my} --qualifier 2 --provisioned-concurrent-executions 1`;
    const provisioned = await lambda(`put-provisioned-concurrency-config ${one}`);
    expect(provisioned).toMatchObject({ RequestedProvisionedConcurrentExecutions: 1, Status: 'IN_PROGRESS' });

    const url = await lambda(`create-function-url-config ${my} --auth-type NONE`);
    expect(url).toMatchObject({ FunctionUrl: expect.stringMatching(/^http:.*lambda-url/), AuthType: 'NONE' });
    const open = "--action lambda:InvokeFunctionUrl --principal '*' --function-url-auth-type NONE";
    await lambda(`add-permission ${my} --statement-id url ${open}`);
    expect((await fetch(`${isola.running.publicUrl}/url/my-function/`)).status).toBe(200);

    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:my-function';
    await lambda(`tag-resource --resource ${arn} --tags Department=Marketing,Cost=42`);
    expect(await lambda(`list-tags --resource ${arn}`)).toEqual({ Tags: { Department: 'Marketing', Cost: '42' } });
    await lambda(`invoke ${my} --invocation-type Event out.json`);
    await lambda(`delete-function ${my}`);
    await aws.type(`iam detach-role-policy --role-name lambda-ex --policy-arn ${basic}`);
    await aws.type('iam delete-role --role-name lambda-ex');
  }, 300_000);
});
