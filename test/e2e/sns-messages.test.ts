import { SnsSqsNotificationSchema } from '@aws-lambda-powertools/parser/schemas';
import {
  CreateTopicCommand,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  type PublishCommandInput,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createSnsClient, receive, TOPICS_MAY_SEND } from '../support/sns.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe('messages of topics', () => {
  let isola: TestIsola;
  let sns: SNSClient;
  let sqs: SQSClient;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2' });
    sns = createSnsClient(isola);
    sqs = createSqsClient(isola.running);
  });
  afterAll(async () => {
    sns.destroy();
    sqs.destroy();
    await isola.stop();
  });

  const createQueue = async (QueueName: string, attributes: Record<string, string> = {}): Promise<string> => {
    const Attributes = { Policy: TOPICS_MAY_SEND, ...attributes };
    return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  };
  const createTopic = async (Name: string, Attributes: Record<string, string> = {}): Promise<string> =>
    (await sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? '';
  const subscribe = (TopicArn: string, queue: string, Attributes: Record<string, string> = {}) =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(queue), Attributes }));
  const publish = (TopicArn: string, Message: string, more: Partial<PublishCommandInput> = {}) =>
    sns.send(new PublishCommand({ TopicArn, Message, ...more }));
  /** A topic with a queue of the same name. */
  const createPair = async (name: string, subscription: Record<string, string> = {}) => {
    const QueueUrl = await createQueue(name);
    const TopicArn = await createTopic(name);
    await subscribe(TopicArn, name, subscription);
    return { TopicArn, QueueUrl };
  };

  it('come to every queue, in an envelope that AWS Lambda Powertools reads', async () => {
    const { TopicArn, QueueUrl } = await createPair('first');
    const second = await createQueue('second');
    await subscribe(TopicArn, 'second');
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'ö & <b>' },
      number: { DataType: 'Number', StringValue: '99.12' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([2, 3, 4]) },
    };
    const { MessageId } = await publish(TopicArn, 'ö§a1"_!?,. £$-\n', { Subject: 'Grüße', MessageAttributes });
    for (const url of [QueueUrl, second]) {
      const [message] = await receive(sqs, url, 1);
      const body = JSON.parse(message?.body ?? '');
      expect(SnsSqsNotificationSchema.parse(body)).toMatchObject({
        ...{ Type: 'Notification', MessageId, TopicArn, Subject: 'Grüße', Message: 'ö§a1"_!?,. £$-\n' },
        MessageAttributes: {
          text: { Type: 'String', Value: 'ö & <b>' },
          number: { Type: 'Number', Value: '99.12' },
          bytes: { Type: 'Binary', Value: 'AgME' },
        },
      });
      expect(message?.attributes).toEqual({});
    }
  });

  it('come as they are to those who want them raw', async () => {
    const { TopicArn, QueueUrl } = await createPair('raw', { RawMessageDelivery: 'true' });
    const MessageAttributes = {
      list: { DataType: 'String.Array', StringValue: '["a",1]' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([2, 3, 4]) },
    };
    await publish(TopicArn, 'plain', { MessageAttributes });
    const [message] = await receive(sqs, QueueUrl, 1);
    expect(message?.body).toBe('plain');
    expect(message?.attributes.list).toEqual(MessageAttributes.list);
    expect([...(message?.attributes.bytes?.BinaryValue ?? [])]).toEqual([2, 3, 4]);
  });

  it('are what they say to be for each protocol', async () => {
    const { TopicArn, QueueUrl } = await createPair('structured', { RawMessageDelivery: 'true' });
    const json = (message: unknown) => publish(TopicArn, JSON.stringify(message), { MessageStructure: 'json' });
    await json({ default: 'for others', sqs: 'for queues' });
    await json({ default: 'for all', http: 'not here' });
    expect((await receive(sqs, QueueUrl, 2)).map(({ body }) => body).sort()).toEqual(['for all', 'for queues']);
    await expect(json({ sqs: 'x' })).rejects.toThrow(
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    );
    await expect(json({ default: { a: 1 } })).rejects.toThrow('No default entry in JSON message body');
    await expect(publish(TopicArn, '{', { MessageStructure: 'json' })).rejects.toThrow(
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    );
  });

  it('come to whom their attributes or their body suit', async () => {
    const { TopicArn, QueueUrl: byAttribute } = await createPair('by-attribute', {
      ...{
        RawMessageDelivery: 'true',
        FilterPolicy: '{"kind":[{"prefix":"a"}],"size":[{"numeric":[">",0,"<=",100]}]}',
      },
    });
    const byBody = await createQueue('by-body');
    await subscribe(TopicArn, 'by-body', {
      ...{ RawMessageDelivery: 'true', FilterPolicyScope: 'MessageBody' },
      FilterPolicy: '{"object":{"key":[{"exists":true}]}}',
    });
    const all = await createQueue('all');
    await subscribe(TopicArn, 'all', { RawMessageDelivery: 'true' });
    const attributes = (kind: string, size: string) => ({
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: kind },
        size: { DataType: 'Number', StringValue: size },
      },
    });
    const messages: [string, object][] = [
      ['wanted', attributes('ab', '100')],
      ['too large', attributes('ab', '101')],
      ['without attributes', {}],
      ['{"object":{"key":1}}', attributes('b', '1')],
      ['{"object":{}}', {}],
    ];
    for (const [message, more] of messages) await publish(TopicArn, message, more);
    const bodies = async (url: string, count: number) => (await receive(sqs, url, count)).map(({ body }) => body);
    expect((await bodies(all, 5)).sort()).toEqual(messages.map(([message]) => message).sort());
    expect(await bodies(byAttribute, 1)).toEqual(['wanted']);
    expect(await bodies(byBody, 1)).toEqual(['{"object":{"key":1}}']);
  });

  it('come in batches', async () => {
    const { TopicArn, QueueUrl } = await createPair('batch', { RawMessageDelivery: 'true' });
    const batch = (...PublishBatchRequestEntries: PublishBatchRequestEntry[]) =>
      sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    const entries = Array.from({ length: 10 }, (_, at) => ({ Id: `id-${at}`, Message: `message ${at}` }));
    const { Successful, Failed } = await batch(...entries);
    expect(Successful?.map(({ Id }) => Id)).toEqual(entries.map(({ Id }) => Id));
    expect(new Set(Successful?.map(({ MessageId }) => MessageId)).size).toBe(10);
    expect(Failed).toEqual([]);
    const received = await receive(sqs, QueueUrl, 10);
    expect(received.map(({ body }) => body).sort()).toEqual(entries.map(({ Message }) => Message).sort());
    const entry = (Id: string, Message = 'x') => ({ Id, Message });
    await expect(batch()).rejects.toMatchObject({ name: 'EmptyBatchRequestException' });
    await expect(batch(entry('a'), entry('a'))).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinctException' });
    await expect(batch(entry('a b'))).rejects.toMatchObject({ name: 'InvalidBatchEntryIdException' });
    await expect(batch(...entries, entry('k'))).rejects.toMatchObject({
      name: 'TooManyEntriesInBatchRequestException',
    });
    const long = 'x'.repeat(140_000);
    await expect(batch(entry('a', long), entry('b', long))).rejects.toMatchObject({
      name: 'BatchRequestTooLongException',
    });
  });

  it('of FIFO topics come in order, once, with their sequence numbers', async () => {
    const fifo = { FifoQueue: 'true' };
    const QueueUrl = await createQueue('line.fifo', fifo);
    const TopicArn = await createTopic('line.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
    await subscribe(TopicArn, 'line.fifo');
    const standard = await createQueue('line');
    await subscribe(TopicArn, 'line', { RawMessageDelivery: 'true' });
    const numbers: string[] = [];
    for (let at = 0; at < 20; at++) {
      const { SequenceNumber = '' } = await publish(TopicArn, `message ${at}`, { MessageGroupId: `group-${at % 2}` });
      numbers.push(SequenceNumber);
    }
    expect(numbers).toEqual([...new Set(numbers)].sort());
    expect(numbers[0]).toMatch(/^\d{20}$/);
    const again = await publish(TopicArn, 'message 3', { MessageGroupId: 'group-1' });
    expect(again.SequenceNumber).toBe(numbers[3]);
    const received = await receive(sqs, QueueUrl, 20);
    const byGroup = (group: string) =>
      received.filter(({ system }) => system.MessageGroupId === group).map(({ body }) => JSON.parse(body).Message);
    const expected = (odd: number) => Array.from({ length: 10 }, (_, at) => `message ${2 * at + odd}`);
    expect([byGroup('group-0'), byGroup('group-1')]).toEqual([expected(0), expected(1)]);
    expect(received.map(({ body }) => JSON.parse(body).SequenceNumber).sort()).toEqual(numbers);
    expect(await receive(sqs, standard, 20)).toHaveLength(20);
    await expect(publish(TopicArn, 'x')).rejects.toThrow('The MessageGroupId parameter is required for FIFO topics');
  });

  it('that cannot be delivered are dead letters, as their queue would have got them', async () => {
    const dead = await createQueue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead') });
    const { TopicArn, QueueUrl } = await createPair('gone', { RedrivePolicy, RawMessageDelivery: 'true' });
    await createQueue('closed', { Policy: '' });
    await subscribe(TopicArn, 'closed', { RedrivePolicy });
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    const MessageAttributes = { a: { DataType: 'Number', StringValue: '1' } };
    await publish(TopicArn, 'undeliverable', { MessageAttributes });
    const letters = await receive(sqs, dead, 2);
    const raw = letters.find(({ body }) => body === 'undeliverable');
    const whole = letters.find(({ body }) => body !== 'undeliverable');
    expect(raw?.attributes).toEqual(MessageAttributes);
    expect(whole?.attributes).toEqual({});
    expect(JSON.parse(whole?.body ?? '')).toMatchObject({ Type: 'Notification', Message: 'undeliverable' });
  });

  describe('are refused', () => {
    let TopicArn: string;
    beforeAll(async () => {
      TopicArn = await createTopic('refusing');
    });

    const value = (DataType: string, StringValue?: string) => ({
      MessageAttributes: { a: { DataType, ...(StringValue === undefined ? {} : { StringValue }) } },
    });
    it.each<[string, string, Partial<PublishCommandInput>, string, string]>([
      ['that are empty', '', {}, 'InvalidParameterException', 'Invalid parameter: Empty message'],
      [
        'that are too long',
        'ö'.repeat(131_073),
        {},
        'InvalidParameterException',
        'Invalid parameter: Message too long',
      ],
      ['with an empty subject', 'x', { Subject: '' }, 'InvalidParameterException', 'Invalid parameter: Subject'],
      [
        'with lines in the subject',
        'x',
        { Subject: 'a\nb' },
        'InvalidParameterException',
        'Invalid parameter: Subject',
      ],
      [
        'with an attribute without value',
        'x',
        value('String'),
        'InvalidParameterValueException',
        "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
      ],
      [
        'with an attribute of an unknown type',
        'x',
        value('Thing', 'x'),
        'InvalidParameterValueException',
        "The message attribute 'a' has an invalid message attribute type",
      ],
      [
        'with no number',
        'x',
        value('Number', 'x'),
        'InvalidParameterValueException',
        "Can't cast the value of message attribute 'a' to a number.",
      ],
      ['with no list', 'x', value('String.Array', '[{}]'), 'InvalidParameterException', 'String.Array'],
      [
        'with an id of FIFO topics',
        'x',
        { MessageDeduplicationId: 'a' },
        'InvalidParameterException',
        'MessageDeduplicationId',
      ],
      [
        'of a structure that there is not',
        'x',
        { MessageStructure: 'xml' },
        'InvalidParameterException',
        'MessageStructure',
      ],
    ])('%s', async (_what, message, more, name, text) => {
      await expect(publish(TopicArn, message, more)).rejects.toMatchObject({ name });
      await expect(publish(TopicArn, message, more)).rejects.toThrow(text);
    });

    it('to topics that there are not, to subscriptions, and to telephones', async () => {
      await expect(publish(`${TopicArn}-x`, 'x')).rejects.toMatchObject({ name: 'NotFoundException' });
      const target = (TargetArn: string) => sns.send(new PublishCommand({ TargetArn, Message: 'x' }));
      expect((await target(TopicArn)).MessageId).toMatch(/^[\da-f-]{36}$/);
      await expect(target(`${TopicArn}:${'0'.repeat(36)}`)).rejects.toThrow('No endpoint found for the target arn');
      await expect(sns.send(new PublishCommand({ PhoneNumber: '+1', Message: 'x' }))).rejects.toThrow('PhoneNumber');
      await expect(sns.send(new PublishCommand({ Message: 'x' }))).rejects.toThrow('no value for required parameter');
    });
  });
});
