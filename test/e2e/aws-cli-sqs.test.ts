import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

describe.skipIf(!canRunAws)(
  "SQS by the AWS CLI, which speaks the Query protocol (needs Debian's package awscli)",
  () => {
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

    it('makes a queue, changes it, and takes it down again', async () => {
      const created = await aws.type('sqs create-queue --queue-name orders --attributes DelaySeconds=2 --tags team=a');
      const url = `${isola.url}/000000000000/orders`;
      expect(created).toEqual({ QueueUrl: url });
      expect(await aws.type('sqs get-queue-url --queue-name orders')).toEqual({ QueueUrl: url });
      await aws.type(`sqs set-queue-attributes --queue-url ${url} --attributes VisibilityTimeout=9`);
      expect(await aws.type(`sqs get-queue-attributes --queue-url ${url} --attribute-names All`)).toMatchObject({
        Attributes: {
          DelaySeconds: '2',
          VisibilityTimeout: '9',
          QueueArn: 'arn:aws:sqs:us-east-1:000000000000:orders',
        },
      });
      await aws.type(`sqs tag-queue --queue-url ${url} --tags team=b`);
      expect(await aws.type(`sqs list-queue-tags --queue-url ${url}`)).toEqual({ Tags: { team: 'b' } });
      expect(await aws.type('sqs list-queues')).toEqual({ QueueUrls: [url] });
      await aws.type(`sqs delete-queue --queue-url ${url}`);
      await expect(aws.type('sqs get-queue-url --queue-name orders')).rejects.toThrow(
        /\(AWS\.SimpleQueueService\.NonExistentQueue\) when calling the GetQueueUrl .*: The specified queue does not exist\./,
      );
    }, 120_000);
  },
);
