import { CloudWatchLogsSchema } from '@aws-lambda-powertools/parser/schemas';
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaughtEvents, catchEvents } from '../support/caught-events.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createLogsClient } from '../support/logs-client.ts';
import { guest } from '../support/wat.ts';

const MINUTES = 60_000;
const OWN = { logGroupName: '/own', logStreamName: 's' };

let isola: TestIsola;
let logs: CloudWatchLogsClient;
let caught: CaughtEvents;
let watcher: string;
beforeAll(async () => {
  isola = await startTestIsola({ ISOLA_THREADS: '2' });
  logs = createLogsClient(isola);
  caught = await catchEvents(isola);
  watcher = await caught.createFunction('watcher');
  await isola.create('f', guest('logging'));
  await isola.invoke('f', { turn: 0 });
  await logs.send(new CreateLogGroupCommand(OWN));
  await logs.send(new CreateLogStreamCommand(OWN));
});
afterAll(async () => {
  logs.destroy();
  await isola.stop();
});

const permit = (StatementId: string, group: string) =>
  isola.client.send(
    new AddPermissionCommand({
      ...{ FunctionName: 'watcher', StatementId, Action: 'lambda:InvokeFunction', Principal: 'logs.amazonaws.com' },
      SourceArn: `arn:aws:logs:us-east-1:000000000000:log-group:${group}:*`,
    }),
  );
const subscribe = (logGroupName: string, filterPattern: string, destinationArn: string = watcher) =>
  logs.send(new PutSubscriptionFilterCommand({ logGroupName, filterName: 'all', filterPattern, destinationArn }));

describe('a subscription of a log group', { timeout: 3 * MINUTES }, () => {
  it('needs a function that CloudWatch Logs may call', async () => {
    for (const arn of [watcher, `${watcher}-missing`]) {
      await expect(subscribe('/own', '', arn)).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringMatching(/^Could not execute the lambda function\./),
      });
    }
    await expect(subscribe('/own', '', 'arn:aws:sqs:us-east-1:000000000000:caught')).rejects.toThrow(
      /told to functions/,
    );
    await permit('own', '/own');
    await expect(subscribe('/own', '{')).resolves.toBeDefined();
    await expect(subscribe('/own', '{ $.a }')).rejects.toThrow('Invalid filter pattern');
    await expect(subscribe('/missing', '')).rejects.toThrow('The specified log group does not exist.');
    const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: '/own' }));
    expect(subscriptionFilters).toEqual([
      {
        ...{ filterName: 'all', logGroupName: '/own', filterPattern: '{', destinationArn: watcher },
        ...{ distribution: 'ByLogStream', creationTime: expect.any(Number), applyOnTransformedLogs: false },
      },
    ]);
  });

  it('tells the function of events that match, as they can be found', async () => {
    await subscribe('/own', 'ERROR');
    const messages = ['ERROR größer', 'INFO', 'ERROR twice'];
    const logEvents = messages.map((message) => ({ timestamp: Date.now(), message }));
    await logs.send(new PutLogEventsCommand({ ...OWN, logEvents }));
    const told = CloudWatchLogsSchema.parse(await caught.next()).awslogs.data;
    expect(told).toMatchObject({
      ...{ messageType: 'DATA_MESSAGE', owner: '000000000000', logGroup: '/own', logStream: 's' },
      ...{ subscriptionFilters: ['all'], logEvents: [{ message: 'ERROR größer' }, { message: 'ERROR twice' }] },
    });
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/own', filterPattern: 'ERROR' }));
    expect(told.logEvents.map(({ id }) => id)).toEqual(events?.map(({ eventId }) => eventId));
  });

  it('tells it of what functions say, but not of what it says itself', async () => {
    for (const name of ['f', 'watcher']) {
      await permit(name, `/aws/lambda/${name}`);
      await logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${name}` })).catch(() => undefined);
      await subscribe(`/aws/lambda/${name}`, '?INFO ?REPORT');
    }
    for (const turn of [1, 2]) {
      await isola.invoke('f', { turn });
      const { logGroup, logEvents } = CloudWatchLogsSchema.parse(await caught.next()).awslogs.data;
      expect([logGroup, logEvents.map(({ message }) => message)]).toEqual([
        '/aws/lambda/f',
        [`INFO\t{"turn":${turn}}\n`, expect.stringMatching(/^REPORT /)],
      ]);
    }
  });

  it('ends when it is deleted, and tells nobody who is not permitted any more', async () => {
    await isola.client.send(new RemovePermissionCommand({ FunctionName: 'watcher', StatementId: 'f' }));
    await isola.invoke('f', { turn: 'unheard' });
    await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: '/aws/lambda/f', filterName: 'all' }));
    await expect(
      logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: '/aws/lambda/f', filterName: 'all' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const logEvents = [{ timestamp: Date.now(), message: 'ERROR heard' }];
    await logs.send(new PutLogEventsCommand({ ...OWN, logEvents }));
    const { logGroup } = CloudWatchLogsSchema.parse(await caught.next()).awslogs.data;
    expect(logGroup).toBe('/own');
  });
});
