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

    it('sends, receives and deletes, alone and in batches', async () => {
      const { QueueUrl: url } = await aws.type('sqs create-queue --queue-name letters');
      const attribute = '{"n":{"DataType":"Binary","BinaryValue":"aGk="}}';
      const sent = await aws.type(
        `sqs send-message --queue-url ${url} --message-body 'a & b' --message-attributes '${attribute}'`,
      );
      expect(sent).toMatchObject({
        MD5OfMessageBody: '9fed43e0f68e6c705d96bd051704f1f2',
        MessageId: expect.any(String),
      });
      const asked = '--attribute-names All --message-attribute-names All --wait-time-seconds 5';
      const { Messages } = (await aws.type(`sqs receive-message --queue-url ${url} ${asked}`)) as {
        Messages: readonly { ReceiptHandle: string }[];
      };
      expect(Messages).toMatchObject([
        {
          ...{ MessageId: sent.MessageId, Body: 'a & b', MD5OfMessageAttributes: sent.MD5OfMessageAttributes },
          MessageAttributes: { n: { DataType: 'Binary', BinaryValue: 'aGk=' } },
          Attributes: { ApproximateReceiveCount: '1', SenderId: '000000000000' },
        },
      ]);
      await aws.type(`sqs delete-message --queue-url ${url} --receipt-handle ${Messages[0]?.ReceiptHandle}`);
      const entries = 'Id=a,MessageBody=one Id=b,MessageBody=two,DelaySeconds=1000';
      expect(await aws.type(`sqs send-message-batch --queue-url ${url} --entries ${entries}`)).toMatchObject({
        Successful: [{ Id: 'a' }],
        Failed: [{ Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' }],
      });
      await aws.type(`sqs purge-queue --queue-url ${url}`);
      expect(await aws.type(`sqs receive-message --queue-url ${url}`)).toEqual({});
    }, 120_000);
  },
);
