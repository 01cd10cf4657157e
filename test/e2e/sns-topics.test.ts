import {
  AddPermissionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  type SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createSnsClient } from '../support/sns.ts';

const arnOf = (name: string): string => `arn:aws:sns:us-east-1:000000000000:${name}`;
const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe('topics, by the SDK', () => {
  let isola: TestIsola;
  let sns: SNSClient;
  beforeAll(async () => {
    isola = await startTestIsola();
    sns = createSnsClient(isola);
  });
  afterAll(async () => {
    sns.destroy();
    await isola.stop();
  });

  const create = async (Name: string, Attributes: Record<string, string> = {}): Promise<string> => {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
    return TopicArn;
  };
  const attributesOf = async (TopicArn: string): Promise<Record<string, string>> => {
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    return Attributes;
  };
  const subscribe = async (TopicArn: string, queue: string, Attributes?: Record<string, string>): Promise<string> => {
    const input = { TopicArn, Protocol: 'sqs', Endpoint: queueArn(queue), ...(Attributes ? { Attributes } : {}) };
    return (await sns.send(new SubscribeCommand(input))).SubscriptionArn ?? '';
  };

  it('are made, listed and deleted, each as often as one likes', async () => {
    expect(await create('first')).toBe(arnOf('first'));
    expect(await create('first')).toBe(arnOf('first'));
    await create('second');
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    expect(Topics).toEqual([{ TopicArn: arnOf('first') }, { TopicArn: arnOf('second') }]);
    for (const name of ['first', 'first', 'second']) {
      await sns.send(new DeleteTopicCommand({ TopicArn: arnOf(name) }));
    }
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([]);
    await expect(attributesOf(arnOf('first'))).rejects.toMatchObject({
      ...{ name: 'NotFoundException', message: 'Topic does not exist', $metadata: { httpStatusCode: 404 } },
    });
  });

  it('are listed a hundred at a time', async () => {
    const names = Array.from({ length: 103 }, (_, at) => `many-${String(at).padStart(3, '0')}`);
    for (const name of names) await create(name);
    const first = await sns.send(new ListTopicsCommand({}));
    const second = await sns.send(new ListTopicsCommand({ NextToken: first.NextToken }));
    expect([first.Topics?.length, second.Topics?.length, second.NextToken]).toEqual([100, 3, undefined]);
    const listed = [...(first.Topics ?? []), ...(second.Topics ?? [])].map(({ TopicArn }) => TopicArn);
    expect(listed).toEqual(names.map(arnOf));
    for (const name of names) await sns.send(new DeleteTopicCommand({ TopicArn: arnOf(name) }));
  });

  it('have the attributes that were set, and the defaults', async () => {
    const TopicArn = await create('told', { DisplayName: 'Told' });
    const attributes = await attributesOf(TopicArn);
    expect(attributes).toMatchObject({
      ...{ TopicArn, Owner: '000000000000', DisplayName: 'Told' },
      ...{ SubscriptionsConfirmed: '0', SubscriptionsPending: '0', SubscriptionsDeleted: '0' },
    });
    expect(JSON.parse(attributes.EffectiveDeliveryPolicy ?? '').http.defaultHealthyRetryPolicy).toMatchObject({
      ...{ numRetries: 3, minDelayTarget: 20, maxDelayTarget: 20 },
    });
    expect(JSON.parse(attributes.Policy ?? '').Statement[0].Resource).toBe(TopicArn);
    const set = async (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
    await set('SignatureVersion', '2');
    await set('DisplayName', '');
    const http = { defaultHealthyRetryPolicy: { numRetries: 1, minDelayTarget: 1, maxDelayTarget: 2 } };
    await set('DeliveryPolicy', JSON.stringify({ http }));
    const changed = await attributesOf(TopicArn);
    expect(changed).toMatchObject({ SignatureVersion: '2', DisplayName: '' });
    expect(JSON.parse(changed.EffectiveDeliveryPolicy ?? '').http.defaultHealthyRetryPolicy.numRetries).toBe(1);
  });

  it('are FIFO when their name and an attribute say so', async () => {
    const TopicArn = await create('line.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
    expect(await attributesOf(TopicArn)).toMatchObject({ FifoTopic: 'true', ContentBasedDeduplication: 'true' });
  });

  it('have tags', async () => {
    const Tags = [{ Key: 'a', Value: '1' }];
    const { TopicArn: ResourceArn } = await sns.send(new CreateTopicCommand({ Name: 'tagged', Tags }));
    await sns.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '2 & <3>' }] }));
    const list = async () => (await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
    expect(await list()).toEqual([...Tags, { Key: 'b', Value: '2 & <3>' }]);
    await sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a', 'b'] }));
    expect(await list()).toEqual([]);
  });

  it('have a policy, of which statements are added and removed', async () => {
    const TopicArn = await create('shared');
    const policyOf = async () => JSON.parse((await attributesOf(TopicArn)).Policy ?? '');
    const grant = { TopicArn, Label: 'publish', AWSAccountId: ['111122223333'], ActionName: ['Publish'] };
    await sns.send(new AddPermissionCommand(grant));
    expect((await policyOf()).Statement[1]).toEqual({
      ...{ Sid: 'publish', Effect: 'Allow', Action: 'SNS:Publish', Resource: TopicArn },
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    });
    await expect(sns.send(new AddPermissionCommand(grant))).rejects.toThrow(
      'Invalid parameter: Statement already exists',
    );
    await sns.send(new RemovePermissionCommand({ TopicArn, Label: 'publish' }));
    expect((await policyOf()).Statement).toHaveLength(1);
  });

  it('are subscribed to, once by each', async () => {
    const TopicArn = await create('read');
    const SubscriptionArn = await subscribe(TopicArn, 'readers', { RawMessageDelivery: 'true' });
    expect(SubscriptionArn).toMatch(/^arn:aws:sns:us-east-1:000000000000:read:[\da-f-]{36}$/);
    expect(await subscribe(TopicArn, 'readers')).toBe(SubscriptionArn);
    await expect(subscribe(TopicArn, 'readers', { RawMessageDelivery: 'false' })).rejects.toThrow(
      'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
    const Subscriptions = [
      { SubscriptionArn, Owner: '000000000000', Protocol: 'sqs', Endpoint: queueArn('readers'), TopicArn },
    ];
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual(Subscriptions);
    const ofTopic = async () => (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions;
    expect(await ofTopic()).toEqual(Subscriptions);
    const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(Attributes).toEqual({
      ...{ SubscriptionArn, TopicArn, Owner: '000000000000', Protocol: 'sqs', Endpoint: queueArn('readers') },
      ...{ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'true', RawMessageDelivery: 'true' },
      SubscriptionPrincipal: 'arn:aws:iam::000000000000:root',
    });
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect(await ofTopic()).toEqual([]);
    expect(await attributesOf(TopicArn)).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsDeleted: '1' });
    await expect(sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).rejects.toMatchObject({
      ...{ name: 'NotFoundException', message: 'Subscription does not exist' },
    });
  });

  it('lose their subscriptions when they are deleted, and a new one of the name has none', async () => {
    const TopicArn = await create('brief');
    await subscribe(TopicArn, 'readers');
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await create('brief');
    expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toEqual([]);
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
  });

  describe('a subscription', () => {
    let TopicArn: string;
    let SubscriptionArn: string;
    beforeAll(async () => {
      TopicArn = await create('filtered');
      SubscriptionArn = await subscribe(TopicArn, 'filtering');
    });
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));

    it('has attributes that can be set, and taken away again', async () => {
      const nested = { object: { key: [{ prefix: 'auto-' }] } };
      await set('FilterPolicyScope', 'MessageBody');
      await set('FilterPolicy', JSON.stringify(nested));
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead') });
      await set('RedrivePolicy', RedrivePolicy);
      const attributes = async () =>
        (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;
      expect(await attributes()).toMatchObject({
        ...{ FilterPolicy: JSON.stringify(nested), FilterPolicyScope: 'MessageBody', RedrivePolicy },
      });
      await set('FilterPolicy', '{}');
      await set('RedrivePolicy', '');
      await set('FilterPolicyScope', 'MessageAttributes');
      expect(Object.keys((await attributes()) ?? {}).filter((name) => /Policy/.test(name))).toEqual([]);
    });

    it.each([
      ['fake-attribute', 'x', 'Invalid parameter: AttributeName'],
      [
        'RawMessageDelivery',
        'maybe',
        'Invalid parameter: RawMessageDelivery: Invalid value [maybe]. Must be true or false.',
      ],
      [
        'RedrivePolicy',
        '{"deadLetterTargetArn":"fake"}',
        'Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn',
      ],
      ['RedrivePolicy', '{invalidjson}', /^Invalid parameter: RedrivePolicy: failed to parse JSON\./],
      ['RedrivePolicy', '[]', /^Invalid parameter: RedrivePolicy: /],
      ['FilterPolicy', '{invalidjson}', /^Invalid parameter: FilterPolicy: /],
      ['FilterPolicy', '[]', /^Invalid parameter: FilterPolicy: /],
      ['FilterPolicy', '{"a":"b"}', 'Invalid parameter: FilterPolicy: "a" must be an object or an array'],
      [
        'FilterPolicy',
        '{"a":[{"suffix":1}]}',
        'Invalid parameter: FilterPolicy: suffix match pattern must be a string',
      ],
      ['FilterPolicy', '{"a":[{"x":1}]}', 'Invalid parameter: FilterPolicy: Unrecognized match type x'],
      [
        'FilterPolicy',
        '{"o":{"a":["b"]}}',
        'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
      ],
      [
        'FilterPolicy',
        JSON.stringify(Object.fromEntries([...'abcdef'].map((key) => [key, ['x']]))),
        'Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys',
      ],
      [
        'FilterPolicy',
        JSON.stringify({ a: Array(13).fill('x'), b: Array(12).fill('x') }),
        'Invalid parameter: FilterPolicy: Filter policy is too complex',
      ],
      [
        'FilterPolicyScope',
        'Random',
        'Invalid parameter: FilterPolicyScope: Invalid value [Random]. Please use either MessageBody or MessageAttributes',
      ],
      ['DeliveryPolicy', '{}', 'Invalid parameter: Delivery protocol [sqs] does not support a delivery policy.'],
    ])('refuses %s %s', async (name, value, message) => {
      await expect(set(name, value)).rejects.toMatchObject({ name: 'InvalidParameterException' });
      await expect(set(name, value)).rejects.toThrow(message);
    });
  });

  it.each<[string, Parameters<typeof create>, string]>([
    ['a name with a dot', ['a.b'], 'Invalid parameter: Topic Name'],
    ['a FIFO name without the attribute', ['a.fifo'], 'Invalid parameter: Topic Name'],
    [
      'a FIFO topic without the name',
      ['a', { FifoTopic: 'true' }],
      'Invalid parameter: Fifo Topic names must end with .fifo',
    ],
    [
      'an attribute that there is not',
      ['a', { toString: 'x' }],
      'Invalid parameter: Attributes Reason: Unknown attribute toString',
    ],
    ['no policy', ['a', { Policy: '{}' }], 'Invalid parameter: Attributes Reason: Policy: '],
  ])('are not made of %s', async (_what, given, message) => {
    await expect(create(...given)).rejects.toThrow(message);
  });

  it('exist with the attributes and tags that they have', async () => {
    await sns.send(
      new CreateTopicCommand({ Name: 'fixed', Attributes: { DisplayName: 'x' }, Tags: [{ Key: 'a', Value: '1' }] }),
    );
    await expect(create('fixed', { DisplayName: 'y' })).rejects.toThrow(
      'Topic already exists with different attributes',
    );
    const Tags = [{ Key: 'a', Value: '2' }];
    await expect(sns.send(new CreateTopicCommand({ Name: 'fixed', Tags }))).rejects.toThrow(
      'Invalid parameter: Tags Reason: Topic already exists with different tags',
    );
  });

  it.each([
    ['sqs', 'http://localhost/queue', 'Invalid parameter: SQS endpoint ARN'],
    ['lambda', 'f', 'Invalid parameter: Lambda endpoint ARN'],
    ['http', 'https://localhost/', 'Invalid parameter: Endpoint must match the specified protocol'],
    ['email', 'a@b.c', 'Invalid parameter: Protocol Reason: email endpoints are not served here'],
    ['test-protocol', 'x', 'Invalid parameter: Amazon SNS does not support this protocol string: test-protocol'],
    ['sqs', queueArn('q.fifo'), 'FIFO SQS Queues can not be subscribed to standard SNS topics'],
  ])('are not subscribed to by %s %s', async (Protocol, Endpoint, message) => {
    const TopicArn = await create('unsubscribed');
    await expect(sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }))).rejects.toThrow(message);
  });

  it.each([
    ['randomstring', 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1'],
    ['', 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1'],
    ['a:b:c:d:e:f', 'Invalid parameter: TopicArn'],
  ])('are not named by %j', async (arn, message) => {
    await expect(attributesOf(arn)).rejects.toThrow(message);
  });
});
