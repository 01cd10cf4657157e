import { createHash } from 'node:crypto';
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

interface Received {
  readonly MessageId: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly ReceiptHandle: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: unknown;
}

const call = (operation: string, input: Record<string, unknown>): Promise<JsonAnswer> =>
  callJson(isola.url, key, `AmazonSQS.${operation}`, input);
const ok = async (operation: string, input: Record<string, unknown>): Promise<JsonAnswer['body']> => {
  const { status, body } = await call(operation, input);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};
const refused = async (operation: string, input: Record<string, unknown>): Promise<string> => {
  const { status, body } = await call(operation, input);
  expect(status).toBeLessThan(500);
  return `${String(body.__type).replace(/^.*#/, '')}: ${body.message}`;
};
let made = 0;
async function makeQueue(Attributes: Record<string, string> = {}): Promise<string> {
  const QueueName = `q${++made}${Attributes.FifoQueue ? '.fifo' : ''}`;
  return (await ok('CreateQueue', { QueueName, Attributes })).QueueUrl as string;
}
const receive = async (QueueUrl: string, options: Record<string, unknown> = {}): Promise<readonly Received[]> =>
  ((await ok('ReceiveMessage', { QueueUrl, ...options })).Messages ?? []) as readonly Received[];
const countsOf = async (QueueUrl: string): Promise<readonly unknown[]> => {
  const { Attributes } = await ok('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  const all = Attributes as Record<string, string>;
  return ['', 'NotVisible', 'Delayed'].map((kind) => Number(all[`ApproximateNumberOfMessages${kind}`]));
};
const md5 = (text: string | Uint8Array): string => createHash('md5').update(text).digest('hex');

describe('a message', () => {
  it('is sent, received and deleted', async () => {
    const QueueUrl = await makeQueue();
    const sent = await ok('SendMessage', { QueueUrl, MessageBody: 'hällo' });
    expect(sent).toEqual({ MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/), MD5OfMessageBody: md5('hällo') });
    const [message, ...others] = await receive(QueueUrl, { AttributeNames: ['All'], MaxNumberOfMessages: 10 });
    expect(others).toEqual([]);
    expect(message).toMatchObject({ Body: 'hällo', MD5OfBody: md5('hällo'), MessageId: sent.MessageId });
    expect(message?.Attributes).toEqual({
      ...{ SenderId: '000000000000', ApproximateReceiveCount: '1' },
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
    });
    expect([await receive(QueueUrl), await countsOf(QueueUrl)]).toEqual([[], [0, 1, 0]]);
    await ok('DeleteMessage', { QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    await ok('DeleteMessage', { QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    expect(await countsOf(QueueUrl)).toEqual([0, 0, 0]);
  });

  it('has attributes, with the digest that clients check', async () => {
    const QueueUrl = await makeQueue();
    const MessageAttributes = {
      'b.bytes': { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]).toString('base64') },
      'a.text': { DataType: 'String', StringValue: 'x' },
    };
    const MessageSystemAttributes = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } };
    const part = (bytes: Uint8Array | string): Buffer => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(bytes));
      return Buffer.concat([length, Buffer.from(bytes as string)]);
    };
    const text = [part('a.text'), part('String'), Buffer.from([1]), part('x')];
    const bytes = [part('b.bytes'), part('Binary'), Buffer.from([2]), part(Buffer.from([0, 255]))];
    const sent = await ok('SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes, MessageSystemAttributes });
    expect(sent.MD5OfMessageAttributes).toBe(md5(Buffer.concat([...text, ...bytes])));
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    const all = {
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['AWSTraceHeader'],
      VisibilityTimeout: 0,
    };
    expect(await receive(QueueUrl, all)).toMatchObject([
      {
        MessageAttributes,
        Attributes: { AWSTraceHeader: 'Root=1-2-3' },
        MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      },
    ]);
    const some = { MessageAttributeNames: ['a.*'], VisibilityTimeout: 0 };
    expect(await receive(QueueUrl, some)).toMatchObject([
      {
        MessageAttributes: { 'a.text': MessageAttributes['a.text'] },
        MD5OfMessageAttributes: md5(Buffer.concat(text)),
      },
    ]);
    expect((await receive(QueueUrl, { VisibilityTimeout: 0 }))[0]).not.toHaveProperty('MessageAttributes');
  });

  it('is waited for', async () => {
    const QueueUrl = await makeQueue({ ReceiveMessageWaitTimeSeconds: '20' });
    const waiting = [receive(QueueUrl), receive(QueueUrl)];
    await ok('SendMessage', { QueueUrl, MessageBody: 'one' });
    await ok('SendMessage', { QueueUrl, MessageBody: 'two' });
    const bodies = (await Promise.all(waiting)).flat().map(({ Body }) => Body);
    expect(bodies.sort()).toEqual(['one', 'two']);
  });

  it('can be had again at once when its receiver says so, and not by who has not got it', async () => {
    const QueueUrl = await makeQueue();
    await ok('SendMessage', { QueueUrl, MessageBody: 'x' });
    const [first] = await receive(QueueUrl);
    await ok('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 });
    expect(
      await refused('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 1 }),
    ).toMatch(/^MessageNotInflight: /);
    const [second] = await receive(QueueUrl, { AttributeNames: ['ApproximateReceiveCount'] });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await ok('DeleteMessage', { QueueUrl, ReceiptHandle: first?.ReceiptHandle });
    expect(await countsOf(QueueUrl)).toEqual([0, 1, 0]);
    await ok('DeleteMessage', { QueueUrl, ReceiptHandle: second?.ReceiptHandle });
    expect(await countsOf(QueueUrl)).toEqual([0, 0, 0]);
  });

  it('is delayed, by itself or by its queue', async () => {
    const QueueUrl = await makeQueue({ DelaySeconds: '900' });
    await ok('SendMessage', { QueueUrl, MessageBody: 'late' });
    await ok('SendMessage', { QueueUrl, MessageBody: 'now', DelaySeconds: 0 });
    expect(await countsOf(QueueUrl)).toEqual([1, 0, 1]);
    expect((await receive(QueueUrl, { MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(['now']);
  });

  it('goes to the dead letters when it was received too often, and says where from', async () => {
    const dead = await makeQueue();
    const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${dead.split('/').at(-1)}`;
    const QueueUrl = await makeQueue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '2' }) });
    const { MessageId } = await ok('SendMessage', { QueueUrl, MessageBody: 'poison' });
    for (let time = 0; time < 2; time++) expect(await receive(QueueUrl, { VisibilityTimeout: 0 })).toHaveLength(1);
    expect(await receive(QueueUrl)).toEqual([]);
    expect(await receive(dead, { AttributeNames: ['All'], WaitTimeSeconds: 20 })).toMatchObject([
      {
        ...{ MessageId, Body: 'poison' },
        Attributes: {
          DeadLetterQueueSourceArn: `arn:aws:sqs:us-east-1:000000000000:${QueueUrl.split('/').at(-1)}`,
          ApproximateReceiveCount: '3',
        },
      },
    ]);
    expect(await countsOf(QueueUrl)).toEqual([0, 0, 0]);
  });

  it('goes back from the dead letters to where it came from, as a new one', async () => {
    const dead = await makeQueue();
    const arnOf = (url: string): string => `arn:aws:sqs:us-east-1:000000000000:${url.split('/').at(-1)}`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(dead), maxReceiveCount: 1 });
    const QueueUrl = await makeQueue({ RedrivePolicy });
    const { MessageId } = await ok('SendMessage', { QueueUrl, MessageBody: 'again' });
    await receive(QueueUrl, { VisibilityTimeout: 0 });
    expect(await receive(QueueUrl)).toEqual([]);
    await expect.poll(() => countsOf(dead)).toEqual([1, 0, 0]);
    const { TaskHandle } = await ok('StartMessageMoveTask', { SourceArn: arnOf(dead) });
    expect(TaskHandle).toMatch(/^[A-Za-z0-9+/=]{32,}$/);
    const [message] = await receive(QueueUrl, { WaitTimeSeconds: 20, AttributeNames: ['All'] });
    expect(message).toMatchObject({ Body: 'again', Attributes: { ApproximateReceiveCount: '1' } });
    expect(message?.MessageId).not.toBe(MessageId);
    await expect
      .poll(() => ok('ListMessageMoveTasks', { SourceArn: arnOf(dead) }))
      .toEqual({
        Results: [
          {
            ...{ Status: 'COMPLETED', SourceArn: arnOf(dead), StartedTimestamp: expect.any(Number) },
            ...{ ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 1 },
          },
        ],
      });
    expect(await countsOf(dead)).toEqual([0, 0, 0]);
    expect(await refused('CancelMessageMoveTask', { TaskHandle })).toBe(
      'ResourceNotFoundException: Task does not exist.',
    );
    expect(await refused('StartMessageMoveTask', { SourceArn: arnOf(QueueUrl) })).toMatch(
      /must be configured as a Dead Letter Queue\.$/,
    );
  });

  it('goes with all others when its queue is purged, once a minute', async () => {
    const QueueUrl = await makeQueue();
    for (const MessageBody of ['a', 'b']) await ok('SendMessage', { QueueUrl, MessageBody });
    await receive(QueueUrl);
    await ok('PurgeQueue', { QueueUrl });
    expect(await countsOf(QueueUrl)).toEqual([0, 0, 0]);
    expect(await refused('PurgeQueue', { QueueUrl })).toMatch(
      /^PurgeQueueInProgress: Only one PurgeQueue operation on q\d+ is/,
    );
  });

  it('does not outlive its queue', async () => {
    const QueueUrl = await makeQueue();
    await ok('SendMessage', { QueueUrl, MessageBody: 'old' });
    await ok('DeleteQueue', { QueueUrl });
    expect(await refused('SendMessage', { QueueUrl, MessageBody: 'x' })).toBe(
      'QueueDoesNotExist: The specified queue does not exist.',
    );
    await ok('CreateQueue', { QueueName: QueueUrl.split('/').at(-1) });
    expect(await receive(QueueUrl)).toEqual([]);
  });
});

describe('a batch', () => {
  it('is sent, received, hidden and deleted, each entry for itself', async () => {
    const QueueUrl = await makeQueue();
    const Entries = [
      { Id: 'good', MessageBody: 'one' },
      { Id: 'late', MessageBody: 'two', DelaySeconds: 901 },
      { Id: 'fine', MessageBody: 'three' },
    ];
    const { Successful, Failed } = (await ok('SendMessageBatch', { QueueUrl, Entries })) as Record<string, unknown>;
    expect(Successful).toMatchObject([{ Id: 'good', MD5OfMessageBody: md5('one') }, { Id: 'fine' }]);
    expect(Failed).toEqual([
      {
        ...{ Id: 'late', SenderFault: true, Code: 'InvalidParameterValue' },
        Message: 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
      },
    ]);
    const received = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
    expect(received.map(({ Body }) => Body).sort()).toEqual(['one', 'three']);
    const handles = received.map(({ ReceiptHandle }, at) => ({ Id: `${at}`, ReceiptHandle }));
    const hidden = handles.map((each) => ({ ...each, VisibilityTimeout: 100 }));
    expect(await ok('ChangeMessageVisibilityBatch', { QueueUrl, Entries: hidden })).toEqual({
      ...{ Successful: [{ Id: '0' }, { Id: '1' }], Failed: [] },
    });
    const bad = { Id: 'bad', ReceiptHandle: 'nonsense' };
    expect(await ok('DeleteMessageBatch', { QueueUrl, Entries: [...handles, bad] })).toMatchObject({
      Successful: [{ Id: '0' }, { Id: '1' }],
      Failed: [{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }],
    });
    expect(await countsOf(QueueUrl)).toEqual([0, 0, 0]);
  });

  it.each([
    [[], /^EmptyBatchRequest: There should be at least one SendMessageBatchRequestEntry in the request\.$/],
    [
      Array.from({ length: 11 }, (_, at) => ({ Id: `${at}`, MessageBody: 'x' })),
      /^TooManyEntriesInBatchRequest: .* sent 11\.$/,
    ],
    [['a', 'a'].map((Id) => ({ Id, MessageBody: 'x' })), /^BatchEntryIdsNotDistinct: Id a repeated\.$/],
    [[{ Id: 'a b', MessageBody: 'x' }], /^InvalidBatchEntryId: /],
    [
      ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) })),
      /^BatchRequestTooLong: .* sent 1200000 bytes\.$/,
    ],
  ])('is refused as a whole when it is none (%#)', async (Entries, refusal) => {
    expect(await refused('SendMessageBatch', { QueueUrl: await makeQueue(), Entries })).toMatch(refusal);
  });
});

describe('a FIFO queue', () => {
  it('keeps the order of a group, one receiver at a time, and its groups apart', async () => {
    const QueueUrl = await makeQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    const sequence: string[] = [];
    for (const [MessageGroupId, MessageBody] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
      ['a', '4'],
    ]) {
      sequence.push(String((await ok('SendMessage', { QueueUrl, MessageBody, MessageGroupId })).SequenceNumber));
    }
    expect(sequence).toEqual([...new Set(sequence)].sort());
    const bodies = async (options: Record<string, unknown> = {}) => {
      const received = await receive(QueueUrl, { AttributeNames: ['All'], ...options });
      return received.map(({ Body }) => Body);
    };
    const [first, second] = await receive(QueueUrl, { MaxNumberOfMessages: 2, AttributeNames: ['All'] });
    expect([first?.Body, second?.Body]).toEqual(['1', '3']);
    expect(first?.Attributes).toMatchObject({ MessageGroupId: 'a', SequenceNumber: sequence[0] });
    expect(await bodies({ MaxNumberOfMessages: 10 })).toEqual(['2']);
    await ok('DeleteMessage', { QueueUrl, ReceiptHandle: first?.ReceiptHandle });
    expect(await bodies()).toEqual([]);
    await ok('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 });
    expect(await refused('DeleteMessage', { QueueUrl, ReceiptHandle: second?.ReceiptHandle })).toMatch(
      /^InvalidParameterValue: .*The receipt handle has expired\.$/,
    );
    expect(await bodies({ MaxNumberOfMessages: 10 })).toEqual(['3', '4']);
  });

  it('takes the same once in five minutes, by id or by content', async () => {
    const byId = await makeQueue({ FifoQueue: 'true' });
    const ids = { QueueUrl: byId, MessageGroupId: 'g', MessageDeduplicationId: 'same' };
    const [first, second] = await Promise.all([
      ok('SendMessage', { ...ids, MessageBody: 'one' }),
      ok('SendMessage', { ...ids, MessageBody: 'one' }),
    ]);
    expect(second).toEqual(first);
    expect(await countsOf(byId)).toEqual([1, 0, 0]);
    const byContent = await makeQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    for (const MessageBody of ['x', 'x', 'y']) {
      await ok('SendMessage', { QueueUrl: byContent, MessageBody, MessageGroupId: 'g' });
    }
    expect(await countsOf(byContent)).toEqual([2, 0, 0]);
  });

  it('wants a group, and something to tell messages apart', async () => {
    const QueueUrl = await makeQueue({ FifoQueue: 'true' });
    expect(await refused('SendMessage', { QueueUrl, MessageBody: 'x' })).toBe(
      'MissingParameter: The request must contain the parameter MessageGroupId.',
    );
    expect(await refused('SendMessage', { QueueUrl, MessageBody: 'x', MessageGroupId: 'g' })).toMatch(
      /^InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled/,
    );
  });
});

describe('what no message can be', () => {
  it.each([
    ['SendMessage', { MessageBody: '' }, /^MissingParameter: The request must contain the parameter MessageBody\.$/],
    ['SendMessage', { MessageBody: '\u0001' }, /^InvalidMessageContents: /],
    ['SendMessage', { MessageBody: 'x'.repeat(1_048_577) }, /Message must be shorter than 1048576 bytes\.$/],
    [
      'SendMessage',
      { MessageBody: 'x', MessageAttributes: { 'AWS.x': { DataType: 'String', StringValue: 'x' } } },
      /^InvalidParameterValue: The message attribute name 'AWS\.x' is invalid/,
    ],
    [
      'SendMessage',
      { MessageBody: 'x', MessageAttributes: { x: { DataType: 'Text', StringValue: 'x' } } },
      /^InvalidParameterValue: /,
    ],
    [
      'SendMessage',
      { MessageBody: 'x', MessageAttributes: { x: { DataType: 'Number', StringValue: 'x' } } },
      /^InvalidParameterValue: /,
    ],
    [
      'SendMessage',
      { MessageBody: 'x', MessageDeduplicationId: 'x' },
      /^InvalidParameterValue: Value x for parameter MessageDeduplicationId/,
    ],
    [
      'ReceiveMessage',
      { MaxNumberOfMessages: 11 },
      /^InvalidParameterValue: Value 11 for parameter MaxNumberOfMessages/,
    ],
    ['ReceiveMessage', { WaitTimeSeconds: 21 }, /^InvalidParameterValue: /],
    ['ReceiveMessage', { VisibilityTimeout: -1 }, /^InvalidParameterValue: /],
    ['ReceiveMessage', { AttributeNames: ['Nothing'] }, /^InvalidAttributeName: Unknown Attribute Nothing\.$/],
    ['DeleteMessage', { ReceiptHandle: 'nonsense' }, /^ReceiptHandleIsInvalid: /],
    ['ChangeMessageVisibility', { ReceiptHandle: 'x' }, /^MissingParameter: .* VisibilityTimeout\.$/],
  ])('is refused (%#)', async (operation, input, refusal) => {
    expect(await refused(operation, { QueueUrl: await makeQueue(), ...input })).toMatch(refusal);
  });
});

it('is all the same by the Query protocol', async () => {
  const QueueUrl = await makeQueue();
  const ask = (action: string, form: Record<string, string>) =>
    query(isola.url, key, 'sqs', action, form, { path: new URL(QueueUrl).pathname });
  const sent = await ask('SendMessage', {
    ...{ MessageBody: 'a<b> ü', 'MessageAttribute.1.Name': 'n', 'MessageAttribute.1.Value.DataType': 'Number' },
    'MessageAttribute.1.Value.StringValue': '7',
  });
  expect([sent.status, sent.text('MD5OfMessageBody')]).toEqual([200, md5('a<b> ü')]);
  const batch = await ask('SendMessageBatch', {
    ...{ 'SendMessageBatchRequestEntry.1.Id': 'x', 'SendMessageBatchRequestEntry.1.MessageBody': 'second' },
    ...{ 'SendMessageBatchRequestEntry.2.Id': 'y', 'SendMessageBatchRequestEntry.2.MessageBody': '' },
  });
  expect(batch.xml).toMatch(
    /<SendMessageBatchResultEntry><Id>x<\/Id>.*<BatchResultErrorEntry><Id>y<\/Id><SenderFault>true/,
  );
  const received = await ask('ReceiveMessage', { MaxNumberOfMessages: '10', 'MessageAttributeName.1': 'All' });
  expect(received.texts('Body')).toEqual(['a&lt;b&gt; ü', 'second']);
  expect(received.xml).toContain(
    '<MessageAttribute><Name>n</Name><Value><StringValue>7</StringValue><DataType>Number</DataType></Value></MessageAttribute>',
  );
  for (const handle of received.texts('ReceiptHandle')) {
    const deleted = await ask('DeleteMessage', { ReceiptHandle: handle });
    expect([deleted.status, deleted.xml.includes('Result>')]).toEqual([200, false]);
  }
  expect((await ask('ReceiveMessage', {})).xml).toContain('<ReceiveMessageResult></ReceiveMessageResult>');
  expect(await countsOf(QueueUrl)).toEqual([0, 0, 0]);
});
