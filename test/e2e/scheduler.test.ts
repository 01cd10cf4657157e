import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { readKey } from '../support/query-client.ts';
import { createRole } from '../support/role.ts';
import { createSqsClient } from '../support/sqs-client.ts';

const PREFIX = 'arn:aws:scheduler:us-east-1:000000000000';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:due';

describe("EventBridge Scheduler by the SDK's client", () => {
  let isola: TestIsola;
  let scheduler: SchedulerClient;
  let sqs: SQSClient;
  let RoleArn: string;
  beforeAll(async () => {
    isola = await startTestIsola();
    const credentials = readKey(isola.running.credentialsFile);
    scheduler = new SchedulerClient({ endpoint: isola.url, region: 'us-east-1', maxAttempts: 1, credentials });
    sqs = createSqsClient(isola.running);
    await sqs.send(new CreateQueueCommand({ QueueName: 'due' }));
    RoleArn = await createRole(
      isola.running,
      'scheduler',
      [...[{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE }]],
      'scheduler.amazonaws.com',
    );
  });
  afterAll(async () => {
    scheduler.destroy();
    sqs.destroy();
    await isola.stop();
  });

  const settings = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
    ...{ Name: 's', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' } },
    Target: { Arn: QUEUE, RoleArn },
    ...more,
  });
  const create = (more?: Partial<CreateScheduleCommandInput>) =>
    scheduler.send(new CreateScheduleCommand(settings(more)));

  it('makes a schedule, changes it, and takes it down again', async () => {
    const EndDate = new Date('2030-01-01T00:00:00Z');
    const more = { Description: 'd', ScheduleExpressionTimezone: 'Europe/Berlin', EndDate, State: 'DISABLED' } as const;
    const cron = { ScheduleExpression: 'cron(0 3 * * ? *)', ...more };
    expect((await create(cron)).ScheduleArn).toBe(`${PREFIX}:schedule/default/s`);
    await expect(create()).rejects.toMatchObject({ name: 'ConflictException', $metadata: { httpStatusCode: 409 } });
    expect(await scheduler.send(new GetScheduleCommand({ Name: 's' }))).toMatchObject({
      ...{ ...cron, Arn: `${PREFIX}:schedule/default/s`, GroupName: 'default', ActionAfterCompletion: 'NONE' },
      ...{ Target: { Arn: QUEUE, RoleArn }, FlexibleTimeWindow: { Mode: 'OFF' }, CreationDate: expect.any(Date) },
    });
    await scheduler.send(new UpdateScheduleCommand(settings({ ScheduleExpression: 'rate(2 hours)' })));
    const changed = await scheduler.send(new GetScheduleCommand({ Name: 's' }));
    expect([changed.ScheduleExpression, changed.State, changed.Description, changed.EndDate]).toEqual([
      ...['rate(2 hours)', 'ENABLED', undefined, undefined],
    ]);
    await scheduler.send(new DeleteScheduleCommand({ Name: 's' }));
    await expect(scheduler.send(new GetScheduleCommand({ Name: 's' }))).rejects.toMatchObject({
      ...{ name: 'ResourceNotFoundException', message: 'Schedule s does not exist.' },
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('keeps schedules in groups, and lists both in pages', async () => {
    const { ScheduleGroupArn } = await scheduler.send(new CreateScheduleGroupCommand({ Name: 'g' }));
    expect(ScheduleGroupArn).toBe(`${PREFIX}:schedule-group/g`);
    expect(await scheduler.send(new GetScheduleGroupCommand({ Name: 'g' }))).toMatchObject({ State: 'ACTIVE' });
    for (const Name of ['b', 'a']) await create({ Name, GroupName: 'g' });
    await create({ Name: 'a' });
    const first = await scheduler.send(new ListSchedulesCommand({ MaxResults: 2 }));
    expect(first.Schedules?.map(({ Arn }) => Arn)).toEqual([`${PREFIX}:schedule/default/a`, `${PREFIX}:schedule/g/a`]);
    const { NextToken } = first;
    const second = await scheduler.send(new ListSchedulesCommand({ MaxResults: 2, NextToken }));
    expect([second.Schedules?.map(({ Name }) => Name), second.NextToken]).toEqual([['b'], undefined]);
    const inGroup = await scheduler.send(new ListSchedulesCommand({ GroupName: 'g', NamePrefix: 'b' }));
    expect(inGroup.Schedules).toMatchObject([{ Name: 'b', GroupName: 'g', Target: { Arn: QUEUE } }]);
    expect((await scheduler.send(new ListScheduleGroupsCommand({}))).ScheduleGroups?.map(({ Name }) => Name)).toEqual([
      ...['default', 'g'],
    ]);
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'g' }));
    expect((await scheduler.send(new ListSchedulesCommand({}))).Schedules?.length).toBe(1);
    await scheduler.send(new DeleteScheduleCommand({ Name: 'a' }));
  });

  it('keeps tags of groups', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }];
    const { ScheduleGroupArn: ResourceArn } = await scheduler.send(
      new CreateScheduleGroupCommand({ Name: 'tagged', Tags }),
    );
    const list = async () => (await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
    expect(await list()).toEqual(Tags);
    const more = [{ Key: 'stage', Value: 'test' }];
    await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: more }));
    expect(await list()).toEqual([...Tags, ...more]);
    await expect(scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: undefined }))).rejects.toThrow(
      "Value null at 'tagKeys'",
    );
    await scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team', 'none'] }));
    expect(await list()).toEqual(more);
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'tagged' }));
    await expect(list()).rejects.toThrow('Schedule group tagged does not exist.');
    await expect(
      scheduler.send(new ListTagsForResourceCommand({ ResourceArn: `${PREFIX}:schedule/default/s` })),
    ).rejects.toThrow('is no ARN of a schedule group');
  });

  it('refuses a role that does not let the Scheduler act by it', async () => {
    const allow = [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE }];
    const untrusting = await createRole(isola.running, 'for-lambda', allow);
    await expect(create({ Name: 'refused', Target: { Arn: QUEUE, RoleArn: untrusting } })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    });
  });

  it.each([
    [{ ScheduleExpression: 'rate(1 hours)' }, /Invalid Schedule Expression/],
    [{ ScheduleExpression: 'at(2026-13-01T00:00:00)' }, /Invalid Schedule Expression/],
    [{ ScheduleExpressionTimezone: 'Mars/Olympus' }, /ScheduleExpressionTimezone Mars\/Olympus is not valid/],
    [{ FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const } }, /maximumWindowInMinutes/],
    [{ Name: 'a b' }, /at 'name' failed/],
    [{ GroupName: 'none' }, /Schedule group none does not exist/],
    [
      { Target: { Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/c', RoleArn: 'arn:aws:iam::000000000000:role/r' } },
      /not of a function/,
    ],
    [{ Target: { Arn: QUEUE, RoleArn: 'r' } }, /at 'target.roleArn' failed/],
  ])('refuses a schedule like %j', async (more, message) => {
    await expect(create({ Name: 'refused', ...more })).rejects.toThrow(message);
    expect((await scheduler.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
  });

  it('fires at a time, once, and is gone then when it is to', async () => {
    const time = new Date(Date.now() + 8_000).toISOString().slice(0, 19);
    const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}';
    const once = { ScheduleExpression: `at(${time})`, ActionAfterCompletion: 'DELETE' } as const;
    await create({ Name: 'once', ...once, Target: { Arn: QUEUE, RoleArn, Input } });
    const receive = new ReceiveMessageCommand({ QueueUrl: `${isola.url}/000000000000/due`, WaitTimeSeconds: 20 });
    const { Messages: [message] = [] } = await sqs.send(receive);
    expect(JSON.parse(message?.Body ?? '')).toEqual({ at: `${time}Z`, by: `${PREFIX}:schedule/default/once` });
    await expect.poll(async () => (await scheduler.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
  });
});
