import { createVerify, X509Certificate } from 'node:crypto';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  type SNSClient,
  SubscribeCommand,
  type SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Endpoint } from '../support/endpoint.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createSnsClient, receive, TOPICS_MAY_SEND } from '../support/sns.ts';
import { createSqsClient } from '../support/sqs-client.ts';

/** As SNS's documentation says what is signed. */
async function isSigned(text: string): Promise<boolean> {
  const body = JSON.parse(text) as Record<string, string>;
  const certificate = new X509Certificate(await (await fetch(body.SigningCertURL ?? '')).text());
  const names =
    body.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const verify = createVerify(body.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1');
  for (const name of names) if (body[name] !== undefined) verify.update(`${name}\n${body[name]}\n`);
  return verify.verify(certificate.publicKey, body.Signature ?? '', 'base64');
}

describe('HTTP endpoints of topics', () => {
  let isola: TestIsola;
  let sns: SNSClient;
  let sqs: SQSClient;
  let endpoint: Endpoint;
  let base: string;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_PRIVATE_HOSTS: '127.0.0.1' });
    sns = createSnsClient(isola);
    sqs = createSqsClient(isola.running);
  });
  afterAll(async () => {
    sns.destroy();
    sqs.destroy();
    await isola.stop();
  });
  beforeEach(async () => {
    endpoint = new Endpoint();
    base = await endpoint.open();
  });
  afterEach(() => endpoint.close());

  const quick = { http: { defaultHealthyRetryPolicy: { numRetries: 3, minDelayTarget: 0, maxDelayTarget: 0 } } };
  const createTopic = async (Name: string): Promise<string> => {
    const Attributes = { DeliveryPolicy: JSON.stringify(quick) };
    return (await sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? '';
  };
  const subscribe = (TopicArn: string, path: string, more: Partial<SubscribeCommandInput> = {}) =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `${base}${path}`, ...more }));
  const listed = async (TopicArn: string) =>
    (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions ?? [];
  const attributesOf = async (SubscriptionArn: string) =>
    (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {};
  /** A topic with an endpoint that has said yes. */
  const createPair = async (name: string, Attributes: Record<string, string> = {}) => {
    const TopicArn = await createTopic(name);
    const options = { Attributes, ReturnSubscriptionArn: true };
    const { SubscriptionArn = '' } = await subscribe(TopicArn, `/${name}`, options);
    await fetch(JSON.parse((await endpoint.next()).text).SubscribeURL);
    return { TopicArn, SubscriptionArn };
  };

  it('are asked first, and get what is published after they have followed the link', async () => {
    const TopicArn = await createTopic('asking');
    expect((await subscribe(TopicArn, '/a?b=c')).SubscriptionArn).toBe('pending confirmation');
    const question = await endpoint.next();
    expect(question.path).toBe('/a?b=c');
    expect(question.headers).toMatchObject({
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-topic-arn': TopicArn,
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
    });
    const asked = JSON.parse(question.text);
    expect(asked).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn, Token: expect.any(String) });
    expect(await isSigned(question.text)).toBe(true);
    expect(await listed(TopicArn)).toMatchObject([{ SubscriptionArn: 'PendingConfirmation', Protocol: 'http' }]);
    await sns.send(new PublishCommand({ TopicArn, Message: 'too early' }));

    const confirmed = await fetch(asked.SubscribeURL);
    const [, SubscriptionArn = ''] = /<SubscriptionArn>(.+)<\/SubscriptionArn>/.exec(await confirmed.text()) ?? [];
    expect(confirmed.status).toBe(200);
    expect(SubscriptionArn).toMatch(new RegExp(`^${TopicArn}:`));
    expect(await attributesOf(SubscriptionArn)).toMatchObject({
      ...{ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'false' },
    });
    expect((await fetch(asked.SubscribeURL)).status).toBe(200);
    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'in time ✓', Subject: 'Now' }));
    const told = await endpoint.next();
    expect(told.headers).toMatchObject({
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': MessageId,
      'x-amz-sns-topic-arn': TopicArn,
      'x-amz-sns-subscription-arn': SubscriptionArn,
    });
    expect(JSON.parse(told.text)).toMatchObject({
      Type: 'Notification',
      MessageId,
      Message: 'in time ✓',
      Subject: 'Now',
    });
    expect(await isSigned(told.text)).toBe(true);
    expect(await isSigned(told.text.replace('in time', 'too late'))).toBe(false);
  });

  it('can be confirmed by those who have a key, and are signed for by SHA-256 when the topic says so', async () => {
    const TopicArn = await createTopic('keyed');
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'SignatureVersion', AttributeValue: '2' }));
    await subscribe(TopicArn, '/');
    const { text } = await endpoint.next();
    const { Token } = JSON.parse(text);
    expect([JSON.parse(text).SignatureVersion, await isSigned(text)]).toEqual(['2', true]);
    const confirm = new ConfirmSubscriptionCommand({ TopicArn, Token, AuthenticateOnUnsubscribe: 'true' });
    const { SubscriptionArn = '' } = await sns.send(confirm);
    expect((await attributesOf(SubscriptionArn)).ConfirmationWasAuthenticated).toBe('true');
    const link = `${isola.url}/?Action=Unsubscribe&SubscriptionArn=${SubscriptionArn}`;
    expect((await fetch(link)).status).toBe(403);
    expect(await listed(TopicArn)).toHaveLength(1);
  });

  it('end their subscription by the link in every message', async () => {
    const { TopicArn } = await createPair('ending');
    await sns.send(new PublishCommand({ TopicArn, Message: 'last' }));
    const { UnsubscribeURL } = JSON.parse((await endpoint.next()).text);
    expect((await fetch(UnsubscribeURL)).status).toBe(200);
    expect(await listed(TopicArn)).toEqual([]);
    expect((await fetch(UnsubscribeURL)).status).toBe(200);
  });

  it('get raw messages as they are, of the content type that was asked for', async () => {
    const DeliveryPolicy = JSON.stringify({ requestPolicy: { headerContentType: 'application/json' } });
    const { TopicArn } = await createPair('raw', { RawMessageDelivery: 'true', DeliveryPolicy });
    await sns.send(new PublishCommand({ TopicArn, Message: '{"a":1}' }));
    const { text, headers } = await endpoint.next();
    expect(text).toBe('{"a":1}');
    expect(headers).toMatchObject({ 'x-amz-sns-rawdelivery': 'true', 'content-type': 'application/json' });
  });

  it('that fail are asked again, and what they never take is a dead letter', async () => {
    const Attributes = { Policy: TOPICS_MAY_SEND };
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead', Attributes }));
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
    const { TopicArn } = await createPair('failing', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) });
    endpoint.statuses.push(500, 429);
    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'again' }));
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await endpoint.next()).headers['x-amz-sns-message-id']).toBe(MessageId);
    }
    endpoint.statuses.push(404);
    await sns.send(new PublishCommand({ TopicArn, Message: 'unknown' }));
    endpoint.statuses.push(500, 500, 500, 500);
    await sns.send(new PublishCommand({ TopicArn, Message: 'broken' }));
    const letters = await receive(sqs, QueueUrl, 2);
    expect(letters.map(({ body }) => JSON.parse(body).Message).sort()).toEqual(['broken', 'unknown']);
  });

  it('are confirmed by their own token alone', async () => {
    const TopicArn = await createTopic('guarded');
    const confirm = (Token: string) => sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
    await expect(confirm('randomtoken')).rejects.toThrow('Invalid token');
    await expect(confirm('0'.repeat(128))).rejects.toThrow('Invalid parameter: Token');
    const link = (query: string) => fetch(`${isola.url}/?${query}`);
    expect((await link(`Action=ConfirmSubscription&TopicArn=${TopicArn}&Token=x`)).status).toBe(400);
    expect((await link('Action=ConfirmSubscription')).status).toBe(400);
    expect((await link('Action=Unsubscribe&SubscriptionArn=x')).status).toBe(400);
    expect((await link(`Action=DeleteTopic&TopicArn=${TopicArn}`)).status).toBe(403);
    expect((await fetch(`${isola.url}/SimpleNotificationService-${'0'.repeat(32)}.pem`)).status).toBe(404);
  });
});

describe('a topic without private hosts', () => {
  it('asks nobody on this machine', async () => {
    const isola = await startTestIsola();
    const endpoint = new Endpoint();
    const base = await endpoint.open();
    const sns = createSnsClient(isola);
    try {
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'careful' }));
      const subscribe = (Endpoint: string) => sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
      for (const url of [base, 'http://localhost/', 'http://[::1]:8080/', 'http://10.0.0.7/']) {
        await expect(subscribe(url)).rejects.toMatchObject({
          name: 'InvalidParameterException',
          message: expect.stringMatching(
            /Endpoint Reason: .* is not on the public Internet, and not in ISOLA_PRIVATE_HOSTS/,
          ),
        });
      }
      expect(endpoint.isQuiet).toBe(true);
    } finally {
      sns.destroy();
      await endpoint.close();
      await isola.stop();
    }
  });
});
