import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  type EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  TestEventPatternCommand,
  UntagResourceCommand,
  UpdateEventBusCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventsClient } from '../support/events-client.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

const PREFIX = 'arn:aws:events:us-east-1:000000000000';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q';
const PATTERN = '{"source":["shop"]}';

describe("rules and buses by the SDK's client", () => {
  let isola: TestIsola;
  let events: EventBridgeClient;
  beforeAll(async () => {
    isola = await startTestIsola();
    events = createEventsClient(isola.running);
  });
  afterAll(async () => {
    events.destroy();
    await isola.stop();
  });
  const putRule = (Name: string, more: object = { EventPattern: PATTERN }) =>
    events.send(new PutRuleCommand({ Name, ...more }));
  const refusal = (name: string, message: string | RegExp) => ({
    name,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    $metadata: expect.objectContaining({ httpStatusCode: 400 }),
  });

  it('makes a rule, changes it, and takes it down again', async () => {
    const rule = { EventPattern: PATTERN, Description: 'orders', Tags: [{ Key: 'team', Value: 'a' }] };
    expect(await putRule('orders', rule)).toMatchObject({ RuleArn: `${PREFIX}:rule/orders` });
    const described = {
      ...{ Name: 'orders', Arn: `${PREFIX}:rule/orders`, State: 'ENABLED', EventBusName: 'default' },
      ...{ EventPattern: PATTERN, Description: 'orders', CreatedBy: '000000000000' },
    };
    expect(await events.send(new DescribeRuleCommand({ Name: 'orders' }))).toMatchObject(described);
    await putRule('orders', { ScheduleExpression: 'rate(5 minutes)', State: 'DISABLED' });
    const changed = await events.send(new DescribeRuleCommand({ Name: 'orders' }));
    expect(changed).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', State: 'DISABLED' });
    expect([changed.EventPattern, changed.Description]).toEqual([undefined, undefined]);
    await events.send(new EnableRuleCommand({ Name: 'orders' }));
    expect((await events.send(new DescribeRuleCommand({ Name: 'orders' }))).State).toBe('ENABLED');
    await events.send(new DisableRuleCommand({ Name: 'orders' }));
    expect((await events.send(new ListRulesCommand({ NamePrefix: 'ord' }))).Rules).toMatchObject([
      { Name: 'orders', State: 'DISABLED' },
    ]);
    await events.send(new DeleteRuleCommand({ Name: 'orders' }));
    await events.send(new DeleteRuleCommand({ Name: 'orders' }));
    await expect(events.send(new DescribeRuleCommand({ Name: 'orders' }))).rejects.toMatchObject(
      refusal('ResourceNotFoundException', 'Rule orders does not exist on EventBus default.'),
    );
  });

  it('lists rules in pages', async () => {
    for (const name of ['p3', 'p1', 'p2']) await putRule(name);
    const first = await events.send(new ListRulesCommand({ NamePrefix: 'p', Limit: 2 }));
    expect(first.Rules?.map(({ Name }) => Name)).toEqual(['p1', 'p2']);
    const { NextToken } = first;
    const second = await events.send(new ListRulesCommand({ NamePrefix: 'p', Limit: 2, NextToken }));
    expect([second.Rules?.map(({ Name }) => Name), second.NextToken]).toEqual([['p3'], undefined]);
    await expect(events.send(new ListRulesCommand({ NextToken: '?' }))).rejects.toMatchObject(
      refusal('ValidationException', 'The token is not valid.'),
    );
  });

  it.each([
    [{}, 'ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
    [{ ScheduleExpression: 'rate(1 minutes)' }, 'ValidationException', 'Parameter ScheduleExpression is not valid.'],
    [{ EventPattern: '{"a":"b"}' }, 'InvalidEventPatternException', /^Event pattern is not valid\. Reason: "a" must/],
    [{ EventPattern: '{}' }, 'InvalidEventPatternException', /^Event pattern is not valid\. Reason: /],
    [{ EventPattern: PATTERN, State: 'ON' }, 'ValidationException', /at 'state' failed to satisfy constraint/],
    [{ EventPattern: PATTERN, Name: 'a b' }, 'ValidationException', /at 'name' failed to satisfy constraint/],
    [{ EventPattern: PATTERN, EventBusName: 'none' }, 'ResourceNotFoundException', 'Event bus none does not exist.'],
  ])('refuses a rule like %j', async (more, name, message) => {
    await expect(putRule('refused', more)).rejects.toMatchObject(refusal(name, message));
    await expect(events.send(new DescribeRuleCommand({ Name: 'refused' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('gives rules targets, and takes them away', async () => {
    await putRule('aimed');
    const one = { Id: '1', Arn: QUEUE, Input: '{"a":1}', RetryPolicy: { MaximumRetryAttempts: 0 } };
    const two = { Id: '2', Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', InputPath: '$.detail' };
    expect(await events.send(new PutTargetsCommand({ Rule: 'aimed', Targets: [one, two] }))).toMatchObject({
      ...{ FailedEntryCount: 0, FailedEntries: [] },
    });
    const InputTransformer = { InputPathsMap: { x: '$.detail.x' }, InputTemplate: '{"x":<x>}' };
    const again = { Id: '2', Arn: two.Arn, InputTransformer, DeadLetterConfig: { Arn: QUEUE } };
    await events.send(new PutTargetsCommand({ Rule: 'aimed', Targets: [again] }));
    expect((await events.send(new ListTargetsByRuleCommand({ Rule: 'aimed' }))).Targets).toEqual([one, again]);
    expect((await events.send(new ListRuleNamesByTargetCommand({ TargetArn: QUEUE }))).RuleNames).toEqual(['aimed']);
    await expect(events.send(new DeleteRuleCommand({ Name: 'aimed' }))).rejects.toMatchObject(
      refusal('ValidationException', "Rule can't be deleted since it has targets."),
    );
    const removed = await events.send(new RemoveTargetsCommand({ Rule: 'aimed', Ids: ['1', '2', '3'] }));
    expect(removed).toMatchObject({
      FailedEntryCount: 1,
      FailedEntries: [{ TargetId: '3', ErrorCode: 'ResourceNotFoundException' }],
    });
    await events.send(new DeleteRuleCommand({ Name: 'aimed' }));
  });

  it.each([
    [{ Id: '1', Arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' }, /is not in correct format/],
    [{ Id: '1', Arn: 'queue' }, /is not in correct format/],
    [{ Id: 'a b', Arn: QUEUE }, /at 'targets.1.member.id' failed/],
    [{ Id: '1', Arn: QUEUE, Input: '{' }, /JSON syntax error in input for target 1/],
    [
      { Id: '1', Arn: QUEUE, InputTransformer: { InputTemplate: '{"a":<a>}' } },
      /InputTemplate for target 1 contains invalid placeholder a/,
    ],
    [{ Id: '1', Arn: QUEUE, Input: '{}', InputPath: '$.a' }, /Only one of Input, InputPath, or InputTransformer/],
    [{ Id: '1', Arn: QUEUE, InputPath: 'a.b' }, /Invalid InputPath/],
    [{ Id: '1', Arn: QUEUE, RetryPolicy: { MaximumRetryAttempts: 186 } }, /less than or equal to 185/],
    [{ Id: '1', Arn: QUEUE, DeadLetterConfig: { Arn: `${QUEUE}.fifo` } }, /Invalid DeadLetterConfig/],
    [{ Id: '1', Arn: `${QUEUE}.fifo` }, /SqsParameters must be specified/],
  ])('refuses a target like %j', async (target, message) => {
    await putRule('strict');
    await expect(events.send(new PutTargetsCommand({ Rule: 'strict', Targets: [target] }))).rejects.toMatchObject(
      refusal('ValidationException', message),
    );
    const six = Array.from({ length: 6 }, (_, at) => ({ Id: `${at}`, Arn: QUEUE }));
    await expect(events.send(new PutTargetsCommand({ Rule: 'strict', Targets: six }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    expect((await events.send(new ListTargetsByRuleCommand({ Rule: 'strict' }))).Targets).toEqual([]);
  });

  it('makes buses, with rules and permissions of their own', async () => {
    const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: 'shop', Description: 'a' }));
    expect(EventBusArn).toBe(`${PREFIX}:event-bus/shop`);
    await expect(events.send(new CreateEventBusCommand({ Name: 'shop' }))).rejects.toMatchObject(
      refusal('ResourceAlreadyExistsException', 'Event bus shop already exists.'),
    );
    expect((await events.send(new ListEventBusesCommand({}))).EventBuses?.map(({ Name }) => Name)).toEqual([
      ...['default', 'shop'],
    ]);
    expect((await putRule('r', { EventPattern: PATTERN, EventBusName: 'shop' })).RuleArn).toBe(`${PREFIX}:rule/shop/r`);
    expect((await putRule('s', { EventPattern: PATTERN, EventBusName: EventBusArn })).RuleArn).toBe(
      `${PREFIX}:rule/shop/s`,
    );
    const scheduled = { ScheduleExpression: 'rate(1 hour)', EventBusName: 'shop' };
    await expect(putRule('t', scheduled)).rejects.toMatchObject(
      refusal('ValidationException', 'ScheduleExpression is supported only on the default event bus.'),
    );
    const grant = { EventBusName: 'shop', Action: 'events:PutEvents', Principal: '111111111111', StatementId: 'x' };
    await events.send(new PutPermissionCommand(grant));
    const described = await events.send(new DescribeEventBusCommand({ Name: 'shop' }));
    expect(described).toMatchObject({ Name: 'shop', Arn: EventBusArn, CreationTime: expect.any(Date) });
    expect(JSON.parse(described.Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          ...{ Sid: 'x', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' } },
          ...{ Action: 'events:PutEvents', Resource: EventBusArn },
        },
      ],
    });
    await events.send(new RemovePermissionCommand({ EventBusName: 'shop', StatementId: 'x' }));
    await expect(
      events.send(new RemovePermissionCommand({ EventBusName: 'shop', StatementId: 'x' })),
    ).rejects.toMatchObject(refusal('ResourceNotFoundException', 'EventBus does not have a policy.'));
    await expect(
      events.send(new PutPermissionCommand({ EventBusName: 'shop', Policy: '{"Statement":[]}' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await events.send(new UpdateEventBusCommand({ Name: 'shop', Description: 'b' }));
    expect((await events.send(new DescribeEventBusCommand({ Name: 'shop' }))).Description).toBe('b');
    await expect(events.send(new DeleteEventBusCommand({ Name: 'shop' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    for (const Name of ['r', 's']) await events.send(new DeleteRuleCommand({ Name, EventBusName: 'shop' }));
    await events.send(new DeleteEventBusCommand({ Name: 'shop' }));
    await expect(events.send(new DescribeEventBusCommand({ Name: 'shop' }))).rejects.toMatchObject(
      refusal('ResourceNotFoundException', 'Event bus shop does not exist.'),
    );
    await expect(events.send(new DeleteEventBusCommand({ Name: 'default' }))).rejects.toMatchObject(
      refusal('ValidationException', 'Cannot delete event bus default.'),
    );
  });

  it('tags rules and buses', async () => {
    await putRule('tagged', { EventPattern: PATTERN, Tags: [{ Key: 'a', Value: '1' }] });
    for (const ResourceARN of [`${PREFIX}:rule/tagged`, `${PREFIX}:event-bus/default`]) {
      await events.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'b', Value: '2' }] }));
      await events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] }));
      const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN }));
      expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
    }
    await expect(
      events.send(new TagResourceCommand({ ResourceARN: `${PREFIX}:rule/none`, Tags: [] })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('tests patterns against events', async () => {
    const event = {
      ...{ id: '1', account: '000000000000', source: 'shop', time: '2026-01-01T00:00:00Z', region: 'us-east-1' },
      ...{ resources: [], 'detail-type': 'Order', detail: { total: 12 } },
    };
    const test = async (EventPattern: string, Event: unknown = event) =>
      (await events.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(Event) }))).Result;
    expect(await test('{"detail":{"total":[{"numeric":[">",10]}]}}')).toBe(true);
    expect(await test('{"detail":{"total":[{"numeric":[">",12]}]}}')).toBe(false);
    await expect(test('{"a":1}')).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
    await expect(test(PATTERN, { source: 'shop' })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
