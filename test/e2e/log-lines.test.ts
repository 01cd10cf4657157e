import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createLogsClient } from '../support/logs-client.ts';
import { createRole } from '../support/role.ts';
import { guest } from '../support/wat.ts';

let isola: TestIsola;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  isola = await startTestIsola();
  logs = createLogsClient(isola);
  await isola.create('logging', guest('logging'));
});
afterAll(async () => {
  logs.destroy();
  await isola.stop();
});

const messagesOf = async (logGroupName: string, filterPattern?: string): Promise<readonly string[]> => {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
  return events.map(({ message = '' }) => message);
};

describe("a function's log group", () => {
  it('has what the platform and the function said of an invocation, as soon as it is answered', async () => {
    const { log } = await isola.invoke('logging');
    const messages = await messagesOf('/aws/lambda/logging');
    expect(messages.join('')).toBe(log);
    expect(messages[0]).toMatch(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST\n$/);
    expect(messages.at(-1)).toMatch(/^REPORT RequestId: /);
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/logging' }));
    expect(logGroups).toMatchObject([{ logGroupName: '/aws/lambda/logging', storedBytes: expect.any(Number) }]);
    const { logStreams = [] } = await logs.send(
      new DescribeLogStreamsCommand({
        logGroupName: '/aws/lambda/logging',
        orderBy: 'LastEventTime',
        descending: true,
      }),
    );
    expect(logStreams).toMatchObject([
      { logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/) },
    ]);
    const { events } = await logs.send(
      new GetLogEventsCommand({
        logGroupName: '/aws/lambda/logging',
        logStreamName: logStreams[0]?.logStreamName,
        startFromHead: true,
      }),
    );
    expect(events?.map(({ message }) => message)).toEqual(messages);
  });

  it('is the one that the function names, in JSON if it likes', async () => {
    const LoggingConfig = { LogGroup: '/shared', LogFormat: 'JSON', ApplicationLogLevel: 'INFO' } as const;
    await isola.create('structured', guest('logging'), { LoggingConfig });
    await isola.invoke('structured', { a: 1 });
    const lines = (await messagesOf('/shared')).map((line) => JSON.parse(line));
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(lines).toMatchObject([
      { type: 'platform.start', record: { requestId, version: '$LATEST' } },
      { level: 'INFO', requestId, message: '{"a":1}', timestamp: expect.stringMatching(/Z$/) },
      { type: 'platform.report', record: { requestId, status: 'success', metrics: { memorySizeMB: 128 } } },
    ]);
    expect(await messagesOf('/shared', '{ $.record.metrics.memorySizeMB = 128 }')).toHaveLength(1);
    await expect(messagesOf('/aws/lambda/structured')).rejects.toThrow('The specified log group does not exist.');
  });

  it('has nothing of a function whose role may not write it, and only what another one may', async () => {
    const { url, running } = isola;
    const where = { url, credentialsFile: running.credentialsFile };
    const allow = (Action: readonly string[], name: string) => ({
      ...{ Effect: 'Allow', Action },
      Resource: `arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/${name}*`,
    });
    const puts = await createRole(where, 'puts', [allow(['logs:PutLogEvents'], 'made')]);
    await isola.create('silent', guest('logging'), {
      Role: await createRole(where, 'mute', [allow(['logs:GetLogEvents'], 'silent')]),
    });
    await isola.create('groupless', guest('logging'), { Role: puts });
    await isola.create('made', guest('logging'), { Role: puts });
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/made' }));
    for (const name of ['silent', 'groupless', 'made']) await isola.invoke(name);
    for (const name of ['silent', 'groupless'])
      await expect(messagesOf(`/aws/lambda/${name}`)).rejects.toThrow(/exist/);
    expect(await messagesOf('/aws/lambda/made', 'START')).toHaveLength(1);
  });

  it('is in streams that guests know, one for each version', async () => {
    await isola.create('streams', guest('variable'));
    const { payload } = await isola.invoke('streams', 'AWS_LAMBDA_LOG_STREAM_NAME');
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: '/aws/lambda/streams' }));
    expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual([payload]);
  });
});
