import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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

  it.each([
    ['sleeps', 8, 'END RequestId: '],
    ['computes', 0, 'Task timed out'],
  ])(
    'has what a function said that still %s, and all of it once in the end',
    async (name, event, end) => {
      await isola.create(name, guest('narrator'), { Timeout: event === 0 ? 8 : 60 });
      let isOver = false;
      const answered = isola.invoke(name, event).then(() => {
        isOver = true;
      });
      const group = `/aws/lambda/${name}`;
      await expect.poll(() => messagesOf(group).catch(() => [])).toContain('begun\n');
      expect(isOver).toBe(false);
      expect(await messagesOf(group, '?END ?REPORT ?ended')).toEqual([]);
      await answered;
      const messages = await messagesOf(group);
      expect(messages.map((message) => message.replace(/(RequestId:).*\n/, '$1'))).toEqual([
        ...['START RequestId:', 'begun\n'],
        ...(event === 0 ? [expect.stringContaining(end)] : ['ended\n']),
        ...['END RequestId:', 'REPORT RequestId:'],
      ]);
    },
    60_000,
  );

  it('is still there after a restart, with what was said last', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'isola-test-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const counts: string[] = [];
    for (const turn of [1, 2]) {
      const own = await startTestIsola({ ISOLA_DATA_DIR: dataDir });
      if (turn === 1) await own.create('f', guest('logging'));
      await own.invoke('f', { turn });
      const body = await (await fetch(`${own.url}/metrics`)).text();
      counts.push(
        ...body.split('\n').filter((line) => line.startsWith('isola_logged_invocations_total{result="lost"}')),
      );
      await own.stop();
    }
    expect(counts).toEqual(Array(2).fill('isola_logged_invocations_total{result="lost"} 0'));
    const again = await startTestIsola({ ISOLA_DATA_DIR: dataDir });
    const client = createLogsClient(again);
    const found = await client.send(
      new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f', filterPattern: '?INFO ?START' }),
    );
    expect(found.events?.map(({ message }) => message)).toEqual([
      ...[expect.stringMatching(/^START/), 'INFO\t{"turn":1}\n'],
      ...[expect.stringMatching(/^START/), 'INFO\t{"turn":2}\n'],
    ]);
    client.destroy();
    await again.stop();
  });

  it('is not there when nothing is to be kept, and all else is as ever', async () => {
    const own = await startTestIsola({ ISOLA_LOGS_MB: '0' });
    const client = createLogsClient(own);
    await own.create('f', guest('logging'));
    expect((await own.invoke('f', { a: 1 })).log).toContain('INFO\t{"a":1}\n');
    expect((await client.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
    const stream = { logGroupName: '/own', logStreamName: 's' };
    await client.send(new CreateLogGroupCommand(stream));
    await client.send(new CreateLogStreamCommand(stream)).catch(() => undefined);
    for (let turn = 0; turn < 3; turn++) {
      const logEvents = [{ timestamp: Date.now(), message: 'x' }];
      await client.send(new PutLogEventsCommand({ ...stream, logEvents })).catch(() => undefined);
    }
    expect((await client.send(new FilterLogEventsCommand({ logGroupName: '/own' }))).events).toEqual([]);
    client.destroy();
    await own.stop();
  });
});
