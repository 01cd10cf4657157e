import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

describe.skipIf(!canRunAws)("S3 by the AWS CLI (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  let aws: AwsCli;
  beforeAll(async () => {
    isola = await startTestIsola();
    aws = createAwsCli(isola);
  });
  afterAll(async () => {
    await isola.stop();
    aws.close();
  });

  it('makes a bucket, copies in and out, lists, moves and removes', async () => {
    const large = Buffer.alloc(8_000_000, 'Isola');
    aws.write('large.bin', large);
    aws.write('a b+ü.txt', Buffer.from('hello'));
    await aws.type('s3 mb s3://photos');
    await aws.type('s3 cp large.bin s3://photos/x/large.bin');
    await aws.type("s3 cp 'a b+ü.txt' 's3://photos/x/a b+ü.txt' --content-type text/x --metadata k=v");
    await aws.type('s3 cp s3://photos/x/large.bin back.bin');
    expect(aws.read('back.bin') === large.toString()).toBe(true);
    await aws.type('s3 ls s3://photos/x/ > listed');
    expect(aws.read('listed')).toMatch(/ 5 a b\+ü\.txt\n.* 8000000 large\.bin\n$/);
    await aws.type("s3 mv 's3://photos/x/a b+ü.txt' s3://photos/y");
    expect(await aws.type('s3api head-object --bucket photos --key y')).toMatchObject({
      ...{ ContentLength: 5, ContentType: 'text/x', Metadata: { k: 'v' }, ETag: '"5d41402abc4b2a76b9719d911017c592"' },
    });
    await aws.type('s3 sync s3://photos back');
    expect(aws.read('back/y')).toBe('hello');
    await aws.type('s3 presign s3://photos/y > link');
    expect(await (await fetch(aws.read('link').trim())).text()).toBe('hello');
    await aws.type('s3 rm s3://photos --recursive');
    expect(await aws.type('s3api list-objects-v2 --bucket photos')).not.toHaveProperty('Contents');
    await aws.type('s3 rb s3://photos');
    expect(await aws.type('s3api list-buckets')).toMatchObject({ Buckets: [] });
  }, 120_000);

  it('uploads and copies what is large in parts', async () => {
    aws.write('larger.bin', Buffer.alloc(20_000_000, 'Isola'));
    await aws.type('s3 mb s3://whole');
    await aws.type('s3 cp larger.bin s3://whole/');
    await aws.type('s3 cp s3://whole/larger.bin s3://whole/copied.bin');
    await aws.type('s3 cp s3://whole/copied.bin back.bin');
    expect(aws.read('back.bin') === aws.read('larger.bin')).toBe(true);
    expect(await aws.type('s3api head-object --bucket whole --key copied.bin')).toMatchObject({
      ETag: expect.stringMatching(/^"[0-9a-f]{32}-3"$/),
    });
  }, 120_000);

  it('notifies a function', async () => {
    await isola.create('watcher', guest('echo'));
    await aws.type('s3 mb s3://watched');
    const configuration =
      '{"LambdaFunctionConfigurations":[{"Id":"w","LambdaFunctionArn":"arn:aws:lambda:us-east-1:000000000000:function:watcher","Events":["s3:ObjectCreated:*"]}]}';
    const put = `s3api put-bucket-notification-configuration --bucket watched --notification-configuration '${configuration}'`;
    await expect(aws.type(put)).rejects.toThrow('Unable to validate the following destination configurations');
    await aws.type(
      'lambda add-permission --function-name watcher --statement-id s3 --action lambda:InvokeFunction --principal s3.amazonaws.com --source-arn arn:aws:s3:::watched --source-account 000000000000',
    );
    await aws.type(put);
    const stored = await aws.type('s3api get-bucket-notification-configuration --bucket watched');
    expect(stored).toEqual(JSON.parse(configuration));
    expect(await aws.type('s3api get-bucket-location --bucket watched')).toEqual({ LocationConstraint: null });
  }, 120_000);
});
