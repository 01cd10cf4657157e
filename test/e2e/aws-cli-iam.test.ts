import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { zip } from '../support/zip.ts';

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const CALLS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }],
};

describe.skipIf(!canRunAws)("IAM and STS by the AWS CLI (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  let aws: AwsCli;
  beforeAll(async () => {
    isola = await startTestIsola();
    aws = createAwsCli(isola);
    aws.write('f.zip', await zip({ 'index.wasm': answering('"hi"') }));
    aws.write('trust.json', Buffer.from(JSON.stringify(TRUST)));
    aws.write('calls.json', Buffer.from(JSON.stringify(CALLS)));
  });
  afterAll(async () => {
    await isola.stop();
    aws.close();
  });

  it("makes a tutorial's execution role, deploys with it, and takes it down again", async () => {
    expect(await aws.type('sts get-caller-identity')).toMatchObject({ Arn: 'arn:aws:iam::000000000000:root' });
    const role = '--role-name lambda-ex';
    const created = await aws.type(`iam create-role ${role} --assume-role-policy-document file://trust.json`);
    const arn = 'arn:aws:iam::000000000000:role/lambda-ex';
    expect(created).toMatchObject({ Role: { RoleName: 'lambda-ex', Arn: arn, AssumeRolePolicyDocument: TRUST } });
    const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await aws.type(`iam attach-role-policy ${role} --policy-arn ${basic}`);
    await aws.type(`iam put-role-policy ${role} --policy-name calls --policy-document file://calls.json`);
    const inline = await aws.type(`iam get-role-policy ${role} --policy-name calls`);
    expect(inline).toMatchObject({ RoleName: 'lambda-ex', PolicyName: 'calls', PolicyDocument: CALLS });
    const settings = `--runtime provided.al2023 --handler index.handler --role ${arn}`;
    await aws.type(`lambda create-function --function-name f ${settings} --zip-file fileb://f.zip`);

    await expect(aws.type(`iam delete-role ${role}`)).rejects.toThrow(/\(DeleteConflict\) .* must detach all policies/);
    await aws.type(`iam detach-role-policy ${role} --policy-arn ${basic}`);
    await aws.type(`iam delete-role-policy ${role} --policy-name calls`);
    await aws.type(`iam delete-role ${role}`);
    await expect(aws.type(`iam get-role ${role}`)).rejects.toThrow(/\(NoSuchEntity\) .* The role with name lambda-ex/);
    expect(await aws.type('iam list-roles')).toMatchObject({ Roles: [{ RoleName: 'isola' }] });
  }, 120_000);

  it('gives a user a key that may do one thing', async () => {
    await aws.type('iam create-user --user-name alice');
    await aws.type('iam put-user-policy --user-name alice --policy-name calls --policy-document file://calls.json');
    const { AccessKey } = (await aws.type('iam create-access-key --user-name alice')) as {
      AccessKey: { AccessKeyId: string; SecretAccessKey: string };
    };
    appendFileSync(
      isola.running.credentialsFile,
      `\n[alice]\naws_access_key_id = ${AccessKey.AccessKeyId}\naws_secret_access_key = ${AccessKey.SecretAccessKey}\n`,
    );
    const arn = 'arn:aws:iam::000000000000:user/alice';
    expect(await aws.type('--profile alice sts get-caller-identity')).toMatchObject({ Arn: arn });
    const invoked = await aws.type('--profile alice lambda invoke --function-name f out.json');
    expect([invoked.StatusCode, aws.read('out.json')]).toEqual([200, '"hi"']);
    await expect(aws.type('--profile alice lambda list-functions')).rejects.toThrow(
      `User: ${arn} is not authorized to perform: lambda:ListFunctions on resource: * because no identity-based policy allows the lambda:ListFunctions action`,
    );
    await expect(aws.type('--profile alice iam list-users')).rejects.toThrow(
      `User: ${arn} is not authorized to perform: iam:ListUsers`,
    );
  }, 120_000);
});
