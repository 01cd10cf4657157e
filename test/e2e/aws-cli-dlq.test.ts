import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

const TRUST = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

describe.skipIf(!canRunAws)(
  "a function with a dead-letter queue, by the AWS CLI (needs Debian's package awscli)",
  () => {
    let isola: TestIsola;
    let aws: AwsCli;
    beforeAll(async () => {
      isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_ASYNC_RETRY_DELAYS: '0.1,0.1' });
      aws = createAwsCli(isola);
      aws.write('function.zip', await zip({ bootstrap: guest('trap') }));
      aws.write('trust.json', toPolicy(TRUST));
      const Resource = 'arn:aws:sqs:us-east-1:000000000000:my-dlq';
      aws.write('send.json', toPolicy({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource }));
    });
    afterAll(async () => {
      await isola.stop();
      aws.close();
    });

    function toPolicy(Statement: unknown): Buffer {
      return Buffer.from(JSON.stringify({ Version: '2012-10-17', Statement }));
    }

    it('does what a tutorial types, word for word', { timeout: 300_000 }, async () => {
      const { QueueUrl: url } = await aws.type('sqs create-queue --queue-name my-dlq');
      const asked = `--queue-url ${url} --attribute-names QueueArn --query Attributes`;
      const { QueueArn: arn } = await aws.type(`sqs get-queue-attributes ${asked}`);
      await aws.type('iam create-role --role-name my-role --assume-role-policy-document file://trust.json');
      await aws.type('iam put-role-policy --role-name my-role --policy-name send --policy-document file://send.json');

      const settings = '--runtime provided.al2023 --handler index.handler --zip-file fileb://function.zip';
      const role = '--role arn:aws:iam::000000000000:role/my-role';
      const created = `--function-name my-function ${settings} ${role} --dead-letter-config TargetArn=${arn}`;
      expect(await aws.type(`lambda create-function ${created}`)).toMatchObject({
        DeadLetterConfig: { TargetArn: arn },
      });
      await aws.type('lambda wait function-active-v2 --function-name my-function');
      await aws.type('lambda put-function-event-invoke-config --function-name my-function --maximum-retry-attempts 1');

      const event = '--cli-binary-format raw-in-base64-out --payload \'{ "name": "Bob" }\'';
      const invoked = `--function-name my-function --invocation-type Event ${event} response.json`;
      expect(await aws.type(`lambda invoke ${invoked}`)).toEqual({ StatusCode: 202 });

      const { Messages } = await aws.type(
        `sqs receive-message --queue-url ${url} --wait-time-seconds 20 --message-attribute-names All`,
      );
      expect(Messages).toMatchObject([
        {
          Body: '{ "name": "Bob" }',
          MessageAttributes: {
            RequestID: { DataType: 'String', StringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) },
            ErrorCode: { DataType: 'Number', StringValue: '200' },
            ErrorMessage: { DataType: 'String', StringValue: expect.stringMatching(/./) },
          },
        },
      ]);
      await aws.type(
        `lambda update-function-configuration --function-name my-function --dead-letter-config TargetArn=`,
      );
      const found = await aws.type('lambda get-function-configuration --function-name my-function');
      expect(found.DeadLetterConfig).toBeUndefined();
    });
  },
);
