import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { callJson, type JsonAnswer } from '../support/json-client.ts';
import { type AccessKey, query, readKey } from '../support/query-client.ts';

let isola: TestIsola;
let key: AccessKey;
beforeAll(async () => {
  isola = await startTestIsola();
  key = readKey(isola.running.credentialsFile);
});
afterAll(() => isola.stop());

const call = (operation: string, input: Record<string, unknown> | string, as: AccessKey = key): Promise<JsonAnswer> =>
  callJson(isola.url, as, `AmazonSQS.${operation}`, input);
const ok = async (operation: string, input: Record<string, unknown>): Promise<JsonAnswer['body']> => {
  const { status, body } = await call(operation, input);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};
const urlOf = (name: string): string => `${isola.url}/000000000000/${name}`;
const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe('queues by the JSON protocol', () => {
  it('are made, found, listed and deleted', async () => {
    expect(await ok('CreateQueue', { QueueName: 'first' })).toEqual({ QueueUrl: urlOf('first') });
    expect(await ok('CreateQueue', { QueueName: 'first' })).toEqual({ QueueUrl: urlOf('first') });
    await ok('CreateQueue', { QueueName: 'second' });
    expect(await ok('GetQueueUrl', { QueueName: 'first' })).toEqual({ QueueUrl: urlOf('first') });
    expect(await ok('ListQueues', {})).toEqual({ QueueUrls: [urlOf('first'), urlOf('second')] });
    expect(await ok('ListQueues', { QueueNamePrefix: 'sec' })).toEqual({ QueueUrls: [urlOf('second')] });
    const page = await ok('ListQueues', { MaxResults: 1 });
    expect(page).toMatchObject({ QueueUrls: [urlOf('first')], NextToken: expect.any(String) });
    expect(await ok('ListQueues', { MaxResults: 1, NextToken: page.NextToken })).toEqual({
      QueueUrls: [urlOf('second')],
    });
    for (const name of ['first', 'second']) await ok('DeleteQueue', { QueueUrl: urlOf(name) });
    expect(await ok('ListQueues', {})).toEqual({});
  });

  it('belong to the region that the request is signed for', async () => {
    const elsewhere = await callJson(
      isola.url,
      key,
      'AmazonSQS.CreateQueue',
      { QueueName: 'far' },
      { region: 'eu-west-1' },
    );
    expect(elsewhere.status).toBe(200);
    expect((await call('GetQueueUrl', { QueueName: 'far' })).body.__type).toBe('com.amazonaws.sqs#QueueDoesNotExist');
  });

  it('have the attributes that were set, and the defaults', async () => {
    const QueueUrl = urlOf('attributes');
    await ok('CreateQueue', { QueueName: 'attributes', Attributes: { DelaySeconds: '7' } });
    const { Attributes } = await ok('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    expect(Attributes).toMatchObject({
      ...{ QueueArn: arnOf('attributes'), DelaySeconds: '7', VisibilityTimeout: '30' },
      ...{ MaximumMessageSize: '1048576', MessageRetentionPeriod: '345600', ReceiveMessageWaitTimeSeconds: '0' },
      CreatedTimestamp: expect.stringMatching(/^\d{10}$/),
    });
    expect(Attributes).not.toHaveProperty('FifoQueue');
    await ok('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '0', VisibilityTimeout: '5' } });
    expect(await ok('GetQueueAttributes', { QueueUrl, AttributeNames: ['DelaySeconds', 'VisibilityTimeout'] })).toEqual(
      {
        Attributes: { DelaySeconds: '0', VisibilityTimeout: '5' },
      },
    );
    expect(await ok('GetQueueAttributes', { QueueUrl })).toEqual({});
  });

  it('are FIFO when their name and an attribute say so', async () => {
    const name = 'line.fifo';
    await ok('CreateQueue', { QueueName: name, Attributes: { FifoQueue: 'true' } });
    const { Attributes } = await ok('GetQueueAttributes', { QueueUrl: urlOf(name), AttributeNames: ['All'] });
    expect(Attributes).toMatchObject({
      ...{ FifoQueue: 'true', ContentBasedDeduplication: 'false', DeduplicationScope: 'queue' },
      FifoThroughputLimit: 'perQueue',
    });
  });

  it('name those whose dead letters come to them', async () => {
    for (const QueueName of ['dead', 'source']) await ok('CreateQueue', { QueueName });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 3 });
    await ok('SetQueueAttributes', { QueueUrl: urlOf('source'), Attributes: { RedrivePolicy } });
    expect(await ok('ListDeadLetterSourceQueues', { QueueUrl: urlOf('dead') })).toEqual({
      queueUrls: [urlOf('source')],
    });
    expect(await ok('ListDeadLetterSourceQueues', { QueueUrl: urlOf('source') })).toEqual({ queueUrls: [] });
  });

  it('have tags', async () => {
    const QueueUrl = urlOf('tagged');
    await ok('CreateQueue', { QueueName: 'tagged', tags: { a: '1' } });
    await ok('TagQueue', { QueueUrl, Tags: { b: '2', __proto__: 'x' } });
    expect(await ok('ListQueueTags', { QueueUrl })).toEqual({ Tags: { a: '1', b: '2' } });
    await ok('UntagQueue', { QueueUrl, TagKeys: ['a', 'b'] });
    expect(await ok('ListQueueTags', { QueueUrl })).toEqual({});
  });

  it('have a policy, of which statements are added and removed', async () => {
    const QueueUrl = urlOf('shared');
    await ok('CreateQueue', { QueueName: 'shared' });
    const grant = { QueueUrl, Label: 'send', AWSAccountIds: ['111122223333'], Actions: ['SendMessage'] };
    await ok('AddPermission', grant);
    expect((await call('AddPermission', grant)).body.message).toBe(
      'Value send for parameter Label is invalid. Reason: Already exists.',
    );
    const { Attributes } = await ok('GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] });
    expect(JSON.parse((Attributes as { Policy: string }).Policy)).toEqual({
      Version: '2012-10-17',
      Id: `${arnOf('shared')}/SQSDefaultPolicy`,
      Statement: [
        {
          ...{ Sid: 'send', Effect: 'Allow', Action: 'SQS:SendMessage', Resource: arnOf('shared') },
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        },
      ],
    });
    await ok('RemovePermission', { QueueUrl, Label: 'send' });
    expect(await ok('GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] })).toEqual({});
  });
});

describe('a refusal', () => {
  const cases: readonly [string, Record<string, unknown> | string, string, string, string?][] = [
    [
      'GetQueueUrl',
      { QueueName: 'nobody' },
      'QueueDoesNotExist',
      'The specified queue does not exist.',
      'AWS.SimpleQueueService.NonExistentQueue',
    ],
    ['GetQueueUrl', {}, 'MissingParameter', 'The request must contain the parameter QueueName.'],
    [
      'CreateQueue',
      { QueueName: 'taken', Attributes: { DelaySeconds: '1' } },
      'QueueNameExists',
      'A queue already exists with the same name and a different value for attribute DelaySeconds',
      'QueueAlreadyExists',
    ],
    [
      'CreateQueue',
      { QueueName: 'a b' },
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    ],
    [
      'CreateQueue',
      { QueueName: 'x', Attributes: { DelaySeconds: '901' } },
      'InvalidAttributeValue',
      'Invalid value for the parameter DelaySeconds.',
    ],
    [
      'CreateQueue',
      { QueueName: 'x', Attributes: { FifoQueue: 'false' } },
      'InvalidAttributeName',
      'Unknown Attribute FifoQueue.',
    ],
    [
      'CreateQueue',
      { QueueName: 'x', Attributes: { toString: '1' } },
      'InvalidAttributeName',
      'Unknown Attribute toString.',
    ],
    [
      'SetQueueAttributes',
      { QueueUrl: 'taken', Attributes: { Policy: '{}' } },
      'InvalidAttributeValue',
      'Invalid value for the parameter Policy.',
    ],
    [
      'SetQueueAttributes',
      { QueueUrl: 'taken', Attributes: { RedrivePolicy: '{"maxReceiveCount":1}' } },
      'InvalidParameterValue',
      'Value {"maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: deadLetterTargetArn.',
    ],
    [
      'GetQueueAttributes',
      { QueueUrl: 'taken', AttributeNames: ['No'] },
      'InvalidAttributeName',
      'Unknown Attribute No.',
    ],
  ];

  it.each(cases)(
    "of %s %j is SQS's own, in both protocols",
    async (operation, input, code, message, queryCode = code) => {
      await ok('CreateQueue', { QueueName: 'taken' });
      const json = await call(operation, input);
      expect(json).toMatchObject({ status: 400, body: { __type: `com.amazonaws.sqs#${code}`, message } });
      expect(json.headers).toMatchObject({
        'content-type': 'application/x-amz-json-1.0',
        'x-amzn-query-error': `${queryCode};Sender`,
      });
      const form = toForm(input as Record<string, unknown>);
      const xml = await query(isola.url, key, 'sqs', operation, form);
      expect(xml).toMatchObject({ status: 400 });
      expect([xml.text('Type'), xml.text('Code')]).toEqual(['Sender', queryCode]);
      expect(xml.text('Message')?.replaceAll('&quot;', '"')).toBe(message);
    },
  );

  it('is said of what is no JSON, of another shape, or no operation', async () => {
    for (const body of [
      '{',
      '[]',
      '"x"',
      '{"QueueName":1}',
      '{"QueueName":"x","Attributes":{"DelaySeconds":1}}',
      '\u0000',
    ]) {
      expect((await call('CreateQueue', body)).body.__type).toBe('com.amazon.coral.service#SerializationException');
    }
    const unknown = await call('MakeCoffee', {});
    expect(unknown.body.__type).toBe('com.amazon.coral.service#UnknownOperationException');
    const elsewhere = await callJson(isola.url, key, 'Nobody.Does', {});
    expect(elsewhere.headers['x-amzn-errortype']).toBe('UnknownOperationException');
  });

  it('is said of who did not sign well', async () => {
    const stranger = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' };
    const answer = await call('ListQueues', {}, stranger);
    expect(answer).toMatchObject({
      status: 403,
      body: { __type: expect.stringMatching(/#UnrecognizedClientException$/) },
    });
    const wrong = await call('ListQueues', {}, { ...key, secretAccessKey: 'x' });
    expect(wrong).toMatchObject({
      status: 403,
      body: { __type: expect.stringMatching(/#InvalidSignatureException$/) },
    });
  });
});

describe('queues by the Query protocol', () => {
  it('are asked for at their own URL as well', async () => {
    await query(isola.url, key, 'sqs', 'CreateQueue', toForm({ QueueName: 'xml', Attributes: { DelaySeconds: '3' } }));
    const answer = await query(
      isola.url,
      key,
      'sqs',
      'GetQueueAttributes',
      { 'AttributeName.1': 'DelaySeconds' },
      {
        path: '/000000000000/xml',
      },
    );
    expect(answer.xml).toContain(
      '<GetQueueAttributesResult><Attribute><Name>DelaySeconds</Name><Value>3</Value></Attribute></GetQueueAttributesResult>',
    );
    expect(answer.xml).toMatch(
      /^<GetQueueAttributesResponse xmlns="http:\/\/queue\.amazonaws\.com\/doc\/2012-11-05\/">/,
    );
  });
});

/** As clients of the Query protocol write what those of the other do. */
function toForm(input: Readonly<Record<string, unknown>>): Record<string, string> {
  const pairs = Object.entries(input).flatMap(([name, value]): [string, string][] => {
    if (Array.isArray(value)) return value.map((item, at) => [`${name.replace(/s$/, '')}.${at + 1}`, String(item)]);
    if (typeof value !== 'object' || value === null) return [[name, String(value)]];
    return Object.entries(value).flatMap(([key, each], at): [string, string][] => [
      [`Attribute.${at + 1}.Name`, key],
      [`Attribute.${at + 1}.Value`, String(each)],
    ]);
  });
  return Object.fromEntries(pairs);
}
