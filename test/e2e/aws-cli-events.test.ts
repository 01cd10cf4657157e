import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { type CaughtEvents, catchEvents } from '../support/caught-events.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createRole } from '../support/role.ts';

const MINUTE = 60_000;
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/my-scheduled-rule';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:LogScheduledEvent';

describe.skipIf(!canRunAws)("schedules by the AWS CLI, as tutorials type them (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  let aws: AwsCli;
  let caught: CaughtEvents;
  beforeAll(async () => {
    isola = await startTestIsola();
    aws = createAwsCli(isola);
    caught = await catchEvents(isola);
    await caught.createFunction('LogScheduledEvent');
  });
  afterAll(async () => {
    await isola.stop();
    aws.close();
  });

  it('makes a nightly job: a rule, a permission, a target', async () => {
    expect(
      await aws.type("events put-rule --name my-scheduled-rule --schedule-expression 'cron(0 3 * * ? *)'"),
    ).toEqual({ RuleArn: RULE });
    await aws.type(
      `lambda add-permission --function-name LogScheduledEvent --statement-id my-scheduled-event --action 'lambda:InvokeFunction' --principal events.amazonaws.com --source-arn ${RULE}`,
    );
    aws.write('targets.json', Buffer.from(JSON.stringify([{ Id: '1', Arn: FUNCTION }])));
    expect(await aws.type('events put-targets --rule my-scheduled-rule --targets file://targets.json')).toEqual({
      ...{ FailedEntryCount: 0, FailedEntries: [] },
    });
    expect(await aws.type('events list-rules')).toEqual({
      Rules: [
        {
          ...{ Name: 'my-scheduled-rule', Arn: RULE, State: 'ENABLED', EventBusName: 'default' },
          ScheduleExpression: 'cron(0 3 * * ? *)',
        },
      ],
    });
    expect(await aws.type('events list-targets-by-rule --rule my-scheduled-rule')).toEqual({
      Targets: [{ Id: '1', Arn: FUNCTION }],
    });
    expect(await aws.type(`events list-rule-names-by-target --target-arn ${FUNCTION}`)).toEqual({
      RuleNames: ['my-scheduled-rule'],
    });
  }, 120_000);

  it('which the function sees at the minute, as an event of its schedule', async () => {
    await aws.type("events put-rule --name my-scheduled-rule --schedule-expression 'cron(* * * * ? *)'");
    const event = (await caught.next()) as { readonly time: string };
    expect(event).toEqual({
      ...{ version: '0', id: expect.any(String), 'detail-type': 'Scheduled Event', source: 'aws.events' },
      ...{ account: '000000000000', time: expect.any(String), region: 'us-east-1', resources: [RULE], detail: {} },
    });
    const tick = Date.parse(event.time);
    expect([event.time.length, tick % MINUTE, Math.abs(Date.now() - tick) < 2 * MINUTE]).toEqual([20, 0, true]);
  }, 180_000);

  it('takes events, tests patterns, and takes all down again', async () => {
    const entries = '[{"Source":"com.shop","DetailType":"Order","Detail":"{ \\"total\\": 12 }"}]';
    await aws.type(`events put-rule --name orders --event-pattern '{"source":["com.shop"]}'`);
    await aws.type(
      `lambda add-permission --function-name LogScheduledEvent --statement-id orders --action lambda:InvokeFunction --principal events.amazonaws.com --source-arn ${RULE.replace('my-scheduled-rule', 'orders')}`,
    );
    await aws.type(`events put-targets --rule orders --targets "Id"="1","Arn"="${FUNCTION}"`);
    await aws.type('events disable-rule --name my-scheduled-rule');
    aws.write('entries.json', Buffer.from(entries));
    expect(await aws.type('events put-events --entries file://entries.json')).toMatchObject({
      ...{ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] },
    });
    let event = (await caught.next()) as { readonly source: string };
    while (event.source === 'aws.events') event = (await caught.next()) as { readonly source: string };
    expect(event).toMatchObject({ source: 'com.shop', 'detail-type': 'Order', detail: { total: 12 } });
    aws.write('event.json', Buffer.from(JSON.stringify(event)));
    expect(
      await aws.type(
        `events test-event-pattern --event-pattern '{"detail":{"total":[{"numeric":[">",10]}]}}' --event file://event.json`,
      ),
    ).toEqual({ Result: true });
    await expect(aws.type('events delete-rule --name my-scheduled-rule')).rejects.toThrow(
      /\(ValidationException\) when calling the DeleteRule .*: Rule can't be deleted since it has targets\./,
    );
    for (const rule of ['my-scheduled-rule', 'orders']) {
      expect(await aws.type(`events remove-targets --rule ${rule} --ids "1"`)).toMatchObject({ FailedEntryCount: 0 });
      await aws.type(`events delete-rule --name ${rule}`);
    }
    expect(await aws.type('events list-rules')).toEqual({ Rules: [] });
    await expect(aws.type('events describe-rule --name orders')).rejects.toThrow(
      /\(ResourceNotFoundException\) when calling the DescribeRule .*: Rule orders does not exist on EventBus default\./,
    );
  }, 180_000);

  it('makes a schedule of the Scheduler, on behalf of a role', async () => {
    const allow = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FUNCTION };
    const role = await createRole(isola.running, 'scheduler-role', [allow], 'scheduler.amazonaws.com');
    const time = new Date(Date.now() + 45_000).toISOString().slice(0, 19);
    const arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/my-schedule';
    const target = `--target '{"RoleArn": "${role}", "Arn": "${FUNCTION}", "Input": "{ \\"Payload\\": \\"TEST_PAYLOAD\\" }" }'`;
    expect(
      await aws.type(
        `scheduler create-schedule --name my-schedule --schedule-expression 'at(${time})' ${target} --flexible-time-window '{ "Mode": "OFF"}'`,
      ),
    ).toEqual({ ScheduleArn: arn });
    expect(await caught.next()).toEqual({ Payload: 'TEST_PAYLOAD' });
    expect(await aws.type('scheduler list-schedules')).toMatchObject({ Schedules: [{ Arn: arn, State: 'ENABLED' }] });
    expect(await aws.type('scheduler get-schedule --name my-schedule')).toMatchObject({
      ...{ ScheduleExpression: `at(${time})`, ScheduleExpressionTimezone: 'UTC', GroupName: 'default' },
    });
    await aws.type('scheduler delete-schedule --name my-schedule');
    await expect(aws.type('scheduler get-schedule --name my-schedule')).rejects.toThrow(
      /\(ResourceNotFoundException\) when calling the GetSchedule .*: Schedule my-schedule does not exist\./,
    );
  }, 180_000);
});
