import {
  CreateEventBusCommand,
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, InvokeCommand, PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaughtEvents, catchEvents } from '../support/caught-events.ts';
import { createEventsClient } from '../support/events-client.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { query, readKey } from '../support/query-client.ts';
import { createRole } from '../support/role.ts';
import { createSnsClient, TOPICS_MAY_SEND } from '../support/sns.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const ruleArn = (name: string): string => `arn:aws:events:us-east-1:000000000000:rule/${name}`;
const busArn = (name: string): string => `arn:aws:events:us-east-1:000000000000:event-bus/${name}`;
const ENTRY = { Source: 'shop', DetailType: 'Order', Detail: '{"id":7,"tags":["a","b"]}' };

describe('an event that is put on a bus', () => {
  let isola: TestIsola;
  let events: EventBridgeClient;
  let sqs: SQSClient;
  let caught: CaughtEvents;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_ASYNC_RETRY_DELAYS: '0.01,0.01' });
    events = createEventsClient(isola.running);
    sqs = createSqsClient(isola.running);
    caught = await catchEvents(isola);
  });
  afterAll(async () => {
    events.destroy();
    sqs.destroy();
    await isola.stop();
  });

  const put = (...entries: PutEventsRequestEntry[]) => events.send(new PutEventsCommand({ Entries: entries }));
  const aim = async (name: string, pattern: unknown, targets: readonly Omit<Target, 'Id'>[], bus?: string) => {
    const EventBusName = bus === undefined ? {} : { EventBusName: bus };
    await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern), ...EventBusName }));
    const Targets = targets.map((target, at) => ({ Id: `${at}`, ...target })) as Target[];
    await events.send(new PutTargetsCommand({ Rule: name, Targets, ...EventBusName }));
  };
  /** A queue that EventBridge may send to. */
  const createQueue = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<void> => {
    const Principal = { Service: 'events.amazonaws.com' };
    const Statement = [{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: '*' }];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy, ...Attributes } }));
  };
  const receive = async (name: string): Promise<Message> => {
    const QueueUrl = `${isola.url}/000000000000/${name}`;
    for (let turn = 0; turn < 6; turn++) {
      const { Messages: [message] = [] } = await sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] },
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (message === undefined) continue;
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return message;
    }
    throw new Error(`Nothing came to ${name}.`);
  };

  it('goes to functions, queues and other buses, each as it wants it', async () => {
    const arn = await caught.createFunction('orders');
    const permission = { StatementId: 'e', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' };
    await isola.client.send(
      new AddPermissionCommand({ FunctionName: 'orders', ...permission, SourceArn: ruleArn('all-ways') }),
    );
    for (const name of ['whole', 'part', 'made']) await createQueue(name);
    await createQueue('line.fifo', { FifoQueue: 'true' });
    await aim('all-ways', { source: ['shop'], detail: { id: [{ numeric: ['>', 5] }] } }, [
      { Arn: arn },
      { Arn: queueArn('whole') },
      { Arn: queueArn('part'), InputPath: '$.detail.tags' },
      {
        Arn: queueArn('made'),
        InputTransformer: {
          InputPathsMap: { n: '$.detail.id' },
          InputTemplate: '"order <n> by <aws.events.rule-name>"',
        },
      },
      { Arn: queueArn('line.fifo'), SqsParameters: { MessageGroupId: 'g' }, Input: '{"always":"this"}' },
    ]);
    const Time = new Date('2026-03-01T10:00:00Z');
    const { FailedEntryCount, Entries } = await put(
      { ...ENTRY, Time, Resources: ['arn:x'] },
      { ...ENTRY, Detail: '{"id":5}' },
      { ...ENTRY, Source: 'other' },
    );
    expect([FailedEntryCount, Entries?.length]).toEqual([0, 3]);
    const event = {
      ...{ version: '0', id: Entries?.[0]?.EventId, 'detail-type': 'Order', source: 'shop', account: '000000000000' },
      ...{
        time: '2026-03-01T10:00:00Z',
        region: 'us-east-1',
        resources: ['arn:x'],
        detail: { id: 7, tags: ['a', 'b'] },
      },
    };
    expect(await caught.next()).toEqual(event);
    expect(JSON.parse((await receive('whole')).Body ?? '')).toEqual(event);
    expect((await receive('part')).Body).toBe('["a","b"]');
    expect((await receive('made')).Body).toBe('"order 7 by all-ways"');
    const inLine = await receive('line.fifo');
    expect([inLine.Body, inLine.Attributes?.MessageGroupId]).toEqual(['{"always":"this"}', 'g']);
  });

  it('is published to topics that allow it', async () => {
    const sns = createSnsClient(isola);
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'heard' }));
    const Principal = { Service: 'events.amazonaws.com' };
    const Statement = [{ Effect: 'Allow', Principal, Action: 'sns:Publish', Resource: TopicArn }];
    const policy = { AttributeName: 'Policy', AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement }) };
    await sns.send(new SetTopicAttributesCommand({ TopicArn, ...policy }));
    await sqs.send(new CreateQueueCommand({ QueueName: 'hears', Attributes: { Policy: TOPICS_MAY_SEND } }));
    const Attributes = { RawMessageDelivery: 'true' };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn('hears'), Attributes }));
    await aim('to-topic', { source: ['news'] }, [{ Arn: TopicArn, InputPath: '$.detail' }]);
    await put({ ...ENTRY, Source: 'news' });
    expect((await receive('hears')).Body).toBe('{"id":7,"tags":["a","b"]}');
    sns.destroy();
  });

  it('reaches nobody who does not allow it, and is kept among the dead letters of the target', async () => {
    await isola.create('closed', guest('echo'));
    await createQueue('dead');
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:closed';
    await aim('closed-door', { source: ['door'] }, [
      { Arn: arn, DeadLetterConfig: { Arn: queueArn('dead') } },
      { Arn: queueArn('nowhere'), DeadLetterConfig: { Arn: queueArn('dead') }, Input: '1' },
    ]);
    await put({ ...ENTRY, Source: 'door' });
    const letters = [await receive('dead'), await receive('dead')];
    const byTarget = new Map(letters.map((letter) => [letter.MessageAttributes?.TARGET_ARN?.StringValue, letter]));
    for (const letter of letters)
      expect(JSON.parse(letter.Body ?? '')).toMatchObject({ source: 'door', detail: { id: 7 } });
    const { RULE_ARN, ERROR_CODE, ERROR_MESSAGE, RETRY_ATTEMPTS } = byTarget.get(arn)?.MessageAttributes ?? {};
    expect([RULE_ARN, ERROR_CODE, RETRY_ATTEMPTS].map((attribute) => attribute?.StringValue)).toEqual([
      ...[ruleArn('closed-door'), 'NO_PERMISSIONS', '0'],
    ]);
    expect(ERROR_MESSAGE?.StringValue).toMatch(/its policy does not allow events.amazonaws.com lambda:InvokeFunction/);
    const nowhere = byTarget.get(queueArn('nowhere'))?.MessageAttributes ?? {};
    expect([nowhere.ERROR_CODE, nowhere.ERROR_MESSAGE].map((attribute) => attribute?.StringValue)).toEqual([
      ...['NO_RESOURCE', 'The specified queue does not exist.'],
    ]);
    expect(byTarget.has(queueArn('nowhere'))).toBe(true);
  });

  it('is passed on to another bus by whoever may, and not round in circles', async () => {
    await events.send(new CreateEventBusCommand({ Name: 'second' }));
    const allow = { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn('second') };
    const RoleArn = await createRole(isola.running, 'passer', [allow], 'events.amazonaws.com');
    await createQueue('passed');
    await aim('pass-on', { source: ['far'] }, [{ Arn: busArn('second'), RoleArn }]);
    await aim(
      'again',
      { source: ['far'] },
      [{ Arn: queueArn('passed') }, { Arn: busArn('second'), RoleArn }],
      'second',
    );
    const { Entries } = await put({ ...ENTRY, Source: 'far' });
    const passes = [await receive('passed'), await receive('passed'), await receive('passed'), await receive('passed')];
    expect(passes.map(({ Body }) => JSON.parse(Body ?? '').id)).toEqual(Array(4).fill(Entries?.[0]?.EventId));
    await put({ ...ENTRY, Source: 'far', EventBusName: 'second' });
    const others = [await receive('passed'), await receive('passed'), await receive('passed'), await receive('passed')];
    expect(others.some(({ Body }) => JSON.parse(Body ?? '').id === Entries?.[0]?.EventId)).toBe(false);
  });

  it('may be how a function ended', async () => {
    await events.send(new CreateEventBusCommand({ Name: 'ends' }));
    await createQueue('ended');
    await aim('ended', { source: ['lambda'] }, [{ Arn: queueArn('ended') }], 'ends');
    const allow = { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn('ends') };
    const Role = await createRole(isola.running, 'ender', [allow]);
    await isola.create('ending', guest('echo'), { Role });
    const DestinationConfig = { OnSuccess: { Destination: busArn('ends') } };
    await isola.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'ending', DestinationConfig }));
    await isola.client.send(
      new InvokeCommand({ FunctionName: 'ending', InvocationType: 'Event', Payload: Buffer.from('{"a":1}') }),
    );
    const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:ending:$LATEST';
    expect(JSON.parse((await receive('ended')).Body ?? '')).toMatchObject({
      ...{ source: 'lambda', 'detail-type': 'Lambda Function Invocation Result - Success' },
      resources: [busArn('ends'), functionArn],
      detail: { requestPayload: { a: 1 }, responsePayload: { a: 1 }, requestContext: { condition: 'Success' } },
    });
  });

  it('is refused by itself when it is none: the others are taken', async () => {
    const { FailedEntryCount, Entries } = await put(
      ENTRY,
      { ...ENTRY, Detail: 'x' },
      { ...ENTRY, Detail: '[1]' },
      { ...ENTRY, Detail: `${'{"a":'.repeat(600)}1${'}'.repeat(600)}` },
      { Source: 'shop', Detail: '{}' },
      { ...ENTRY, Source: 'aws.ec2' },
      { ...ENTRY, EventBusName: 'none' },
    );
    expect([FailedEntryCount, Entries?.map(({ ErrorCode, EventId }) => ErrorCode ?? typeof EventId)]).toEqual([
      6,
      [
        ...['string', 'MalformedDetail', 'MalformedDetail', 'MalformedDetail', 'InvalidArgument'],
        ...['NotAuthorizedForSourceException', 'ResourceNotFoundException'],
      ],
    ]);
    await expect(put()).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put(...Array(11).fill(ENTRY))).rejects.toMatchObject({ name: 'ValidationException' });
    const large = JSON.stringify({ text: 'x'.repeat(1_048_576) });
    await expect(put({ ...ENTRY, Detail: large })).rejects.toMatchObject({
      ...{ name: 'ValidationException', message: 'Total size of the entries in the request is over the limit.' },
    });
  });

  it('may be put by who is allowed it, or by whom the bus allows', async () => {
    const root = readKey(isola.running.credentialsFile);
    await query(isola.url, root, 'iam', 'CreateUser', { UserName: 'guest' });
    const made = await query(isola.url, root, 'iam', 'CreateAccessKey', { UserName: 'guest' });
    const key = { accessKeyId: made.text('AccessKeyId') ?? '', secretAccessKey: made.text('SecretAccessKey') ?? '' };
    const guestEvents = createEventsClient(isola.running, { ...root, ...key });
    await events.send(new CreateEventBusCommand({ Name: 'open' }));
    const entry = { ...ENTRY, EventBusName: 'open' };
    await expect(guestEvents.send(new PutEventsCommand({ Entries: [entry] }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/not authorized to perform: events:PutEvents on resource: .*event-bus\/open/),
    });
    const grant = { Action: 'events:PutEvents', Principal: '*', StatementId: 'all' };
    await events.send(new PutPermissionCommand({ EventBusName: 'open', ...grant }));
    expect((await guestEvents.send(new PutEventsCommand({ Entries: [entry] }))).FailedEntryCount).toBe(0);
    await expect(guestEvents.send(new PutEventsCommand({ Entries: [entry, ENTRY] }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(
      guestEvents.send(new PutRuleCommand({ Name: 'x', ScheduleExpression: 'rate(1 day)' })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const Statement = [{ Effect: 'Allow', Action: 'events:*', Resource: ruleArn('x') }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await query(isola.url, root, 'iam', 'PutUserPolicy', { UserName: 'guest', PolicyName: 'p', PolicyDocument });
    await guestEvents.send(new PutRuleCommand({ Name: 'x', ScheduleExpression: 'rate(1 day)' }));
    const target = { Id: '1', Arn: busArn('open') };
    await guestEvents.send(new PutTargetsCommand({ Rule: 'x', Targets: [target] }));
    const RoleArn = 'arn:aws:iam::000000000000:role/strong';
    await expect(
      guestEvents.send(new PutTargetsCommand({ Rule: 'x', Targets: [{ ...target, RoleArn }] })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`iam:PassRole on resource: ${RoleArn}`),
    });
    guestEvents.destroy();
  });
});
