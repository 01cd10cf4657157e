import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { TOPICS_MAY_SEND } from '../support/sns.ts';

const arnOf = (service: string, name: string): string => `arn:aws:${service}:us-east-1:000000000000:${name}`;

describe.skipIf(!canRunAws)("SNS by the AWS CLI (needs Debian's package awscli)", () => {
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

  it('makes a topic, changes it, and takes it down again', async () => {
    const TopicArn = arnOf('sns', 'orders');
    const created = await aws.type(
      'sns create-topic --name orders --attributes DisplayName=Orders --tags Key=team,Value=a',
    );
    expect(created).toEqual({ TopicArn });
    await aws.type(
      `sns set-topic-attributes --topic-arn ${TopicArn} --attribute-name DisplayName --attribute-value 'All & more'`,
    );
    expect(await aws.type(`sns get-topic-attributes --topic-arn ${TopicArn}`)).toMatchObject({
      Attributes: { DisplayName: 'All & more', TopicArn },
    });
    await aws.type(`sns tag-resource --resource-arn ${TopicArn} --tags Key=team,Value=b`);
    expect(await aws.type(`sns list-tags-for-resource --resource-arn ${TopicArn}`)).toEqual({
      Tags: [{ Key: 'team', Value: 'b' }],
    });
    expect(await aws.type('sns list-topics')).toEqual({ Topics: [{ TopicArn }] });
    await aws.type(
      `sns add-permission --topic-arn ${TopicArn} --label all --aws-account-id 111122223333 --action-name Publish`,
    );
    await aws.type(`sns remove-permission --topic-arn ${TopicArn} --label all`);
    await aws.type(`sns delete-topic --topic-arn ${TopicArn}`);
    await expect(aws.type(`sns get-topic-attributes --topic-arn ${TopicArn}`)).rejects.toThrow(
      /\(NotFound\) when calling the GetTopicAttributes .*: Topic does not exist/,
    );
  }, 120_000);

  it('fans out to a queue, as tutorials do', async () => {
    const TopicArn = arnOf('sns', 'letters');
    await aws.type('sns create-topic --name letters');
    aws.write('policy.json', Buffer.from(JSON.stringify({ Policy: TOPICS_MAY_SEND })));
    const { QueueUrl } = await aws.type('sqs create-queue --queue-name letters --attributes file://policy.json');
    const subscribed = await aws.type(
      `sns subscribe --topic-arn ${TopicArn} --protocol sqs --notification-endpoint ${arnOf('sqs', 'letters')}`,
    );
    const SubscriptionArn = String(subscribed.SubscriptionArn);
    aws.write('filter.json', Buffer.from('{"store":["example_corp"]}'));
    await aws.type(
      `sns set-subscription-attributes --subscription-arn ${SubscriptionArn} --attribute-name FilterPolicy --attribute-value file://filter.json`,
    );
    expect(await aws.type(`sns list-subscriptions-by-topic --topic-arn ${TopicArn}`)).toMatchObject({
      Subscriptions: [{ SubscriptionArn, Protocol: 'sqs' }],
    });
    const publish = (message: string, store: string) =>
      aws.type(
        `sns publish --topic-arn ${TopicArn} --message '${message}' --message-attributes '{"store":{"DataType":"String","StringValue":"${store}"}}'`,
      );
    await publish('for others', 'other');
    const { MessageId } = await publish('for you', 'example_corp');
    const { Messages } = (await aws.type(`sqs receive-message --queue-url ${QueueUrl} --wait-time-seconds 20`)) as {
      Messages: readonly { Body: string }[];
    };
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({ MessageId, TopicArn, Message: 'for you' });
    await aws.type(`sns unsubscribe --subscription-arn ${SubscriptionArn}`);
    expect(await aws.type('sns list-subscriptions')).toEqual({ Subscriptions: [] });
  }, 120_000);
});
