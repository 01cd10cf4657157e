import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createLogsClient } from '../support/logs-client.ts';

const DAY_MS = 86_400_000;

let isola: TestIsola;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  isola = await startTestIsola();
  logs = createLogsClient(isola);
});
afterAll(async () => {
  logs.destroy();
  await isola.stop();
});

const now = Date.now();
const arnOf = (name: string): string => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`;
const make = async (logGroupName: string, ...streams: readonly string[]): Promise<void> => {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
};
/** `[milliseconds from now, message]` each. */
const put = (logGroupName: string, logStreamName: string, events: readonly (readonly [number, string])[]) =>
  logs.send(
    new PutLogEventsCommand({
      ...{ logGroupName, logStreamName },
      logEvents: events.map(([offset, message]) => ({ timestamp: now + offset, message })),
    }),
  );
const get = async (input: Omit<GetLogEventsCommandInput, 'logGroupName'> & { logGroupName: string }) => {
  const { events = [], ...tokens } = await logs.send(new GetLogEventsCommand(input));
  return { messages: events.map(({ message }) => message), ...tokens };
};
const filter = async (input: FilterLogEventsCommandInput) => {
  const { events = [], nextToken } = await logs.send(new FilterLogEventsCommand(input));
  return { messages: events.map(({ message }) => message), events, nextToken };
};

describe('log groups', () => {
  it('are made, listed by the page, and deleted', async () => {
    for (const name of ['/list/a', '/list/b', '/list/c']) await make(name);
    await expect(make('/list/a')).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    });
    const names = async (input: { logGroupNamePrefix?: string; logGroupNamePattern?: string }) =>
      (await logs.send(new DescribeLogGroupsCommand(input))).logGroups?.map(({ logGroupName }) => logGroupName);
    const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/list/', limit: 2 }));
    expect(first.logGroups).toEqual([
      {
        ...{ logGroupName: '/list/a', arn: `${arnOf('/list/a')}:*`, logGroupArn: arnOf('/list/a') },
        ...{ creationTime: expect.any(Number), metricFilterCount: 0, storedBytes: 0, logGroupClass: 'STANDARD' },
      },
      expect.objectContaining({ logGroupName: '/list/b' }),
    ]);
    const { nextToken } = first;
    const second = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/list/', limit: 2, nextToken }));
    expect(second).toMatchObject({ logGroups: [{ logGroupName: '/list/c' }] });
    expect(second.nextToken).toBeUndefined();
    expect(await names({ logGroupNamePattern: 'IST/B' })).toEqual(['/list/b']);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: '/list/b' }));
    const behind = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/list/', nextToken }));
    expect(behind).toMatchObject({ logGroups: [{ logGroupName: '/list/c' }] });
    await expect(logs.send(new DescribeLogGroupsCommand({ nextToken: 'x' }))).rejects.toThrow(/nextToken is invalid/);
    expect(await names({ logGroupNamePrefix: '/list/' })).toEqual(['/list/a', '/list/c']);
    await expect(logs.send(new DeleteLogGroupCommand({ logGroupName: '/list/b' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  it('begin anew under the name of a deleted one', async () => {
    await make('/again', 's');
    await put('/again', 's', [[0, 'before']]);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: '/again' }));
    await make('/again', 's');
    expect((await filter({ logGroupName: '/again' })).messages).toEqual([]);
  });

  it('have tags, by ARN or by name', async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/tags', tags: { a: '1', b: '2' } }));
    const resourceArn = arnOf('/tags');
    await logs.send(new TagResourceCommand({ resourceArn, tags: { c: '3' } }));
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: '2', c: '3' });
    await logs.send(new TagLogGroupCommand({ logGroupName: '/tags', tags: { d: '4' } }));
    await logs.send(new UntagLogGroupCommand({ logGroupName: '/tags', tags: ['b', 'c'] }));
    expect((await logs.send(new ListTagsLogGroupCommand({ logGroupName: '/tags' }))).tags).toEqual({ d: '4' });
  });

  it('show nothing that is older than they keep it', async () => {
    await make('/kept', 's');
    await put('/kept', 's', [
      [-2 * DAY_MS, 'old'],
      [-2 * DAY_MS + 1, 'old too'],
    ]);
    await put('/kept', 's', [[0, 'new']]);
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: '/kept', retentionInDays: 1 }));
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/kept' }));
    expect(logGroups).toMatchObject([{ retentionInDays: 1 }]);
    expect((await filter({ logGroupName: '/kept' })).messages).toEqual(['new']);
    const { rejectedLogEventsInfo } = await put('/kept', 's', [[-2 * DAY_MS, 'expired']]);
    expect(rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: '/kept' }));
    expect((await filter({ logGroupName: '/kept' })).messages).toEqual(['old', 'old too', 'new']);
    await expect(
      logs.send(new PutRetentionPolicyCommand({ logGroupName: '/kept', retentionInDays: 2 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('log streams', () => {
  it('are made, found in either order, and deleted with what they have', async () => {
    await make('/streams', 'b', 'a', 'c');
    await expect(
      logs.send(new CreateLogStreamCommand({ logGroupName: '/streams', logStreamName: 'a' })),
    ).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    await put('/streams', 'b', [[5, 'x']]);
    await put('/streams', 'a', [
      [1, 'y'],
      [3, 'z'],
    ]);
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: '/streams', limit: 1 }));
    expect(logStreams).toEqual([
      {
        ...{ logStreamName: 'a', firstEventTimestamp: now + 1, lastEventTimestamp: now + 3, storedBytes: 0 },
        ...{ creationTime: expect.any(Number), lastIngestionTime: expect.any(Number) },
        ...{ arn: `${arnOf('/streams')}:log-stream:a`, uploadSequenceToken: expect.any(String) },
      },
    ]);
    const names = async (input: { orderBy?: 'LastEventTime'; descending?: boolean; logStreamNamePrefix?: string }) =>
      (
        await logs.send(new DescribeLogStreamsCommand({ logGroupIdentifier: arnOf('/streams'), ...input }))
      ).logStreams?.map(({ logStreamName }) => logStreamName);
    expect(await names({})).toEqual(['a', 'b', 'c']);
    expect(await names({ descending: true })).toEqual(['c', 'b', 'a']);
    expect(await names({ orderBy: 'LastEventTime', descending: true })).toEqual(['b', 'a', 'c']);
    expect(await names({ logStreamNamePrefix: 'c' })).toEqual(['c']);
    await logs.send(new DeleteLogStreamCommand({ logGroupName: '/streams', logStreamName: 'a' }));
    expect(await names({})).toEqual(['b', 'c']);
    expect((await filter({ logGroupName: '/streams' })).messages).toEqual(['x']);
    await expect(put('/streams', 'a', [[0, 'lost']])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });

  it('are read from either end, a page at a time, until the token stays', async () => {
    await make('/pages', 's', 'other');
    for (let turn = 0; turn < 7; turn++) {
      await put('/pages', 's', [[turn * 10, String(turn)]]);
      await put('/pages', 'other', [[turn * 10, `other ${turn}`]]);
    }
    const stream = { logGroupName: '/pages', logStreamName: 's', limit: 3 };
    const head = await get({ ...stream, startFromHead: true });
    expect(head.messages).toEqual(['0', '1', '2']);
    const second = await get({ ...stream, nextToken: head.nextForwardToken });
    expect(second.messages).toEqual(['3', '4', '5']);
    const third = await get({ ...stream, nextToken: second.nextForwardToken });
    expect(third.messages).toEqual(['6']);
    const end = await get({ ...stream, nextToken: third.nextForwardToken });
    expect([end.messages, end.nextForwardToken]).toEqual([[], third.nextForwardToken]);
    const tail = await get(stream);
    expect(tail.messages).toEqual(['4', '5', '6']);
    const before = await get({ ...stream, nextToken: tail.nextBackwardToken });
    expect(before.messages).toEqual(['1', '2', '3']);
    expect((await get({ ...stream, nextToken: before.nextBackwardToken })).messages).toEqual(['0']);
    expect((await get({ ...stream, nextToken: before.nextForwardToken })).messages).toEqual(['4', '5', '6']);
    const between = { startTime: now + 20, endTime: now + 40, startFromHead: true };
    expect((await get({ ...stream, ...between })).messages).toEqual(['2', '3']);
    await put('/pages', 's', [[70, 'late']]);
    expect((await get({ ...stream, nextToken: end.nextForwardToken })).messages).toEqual(['late']);
    await expect(get({ ...stream, nextToken: 'f/1/s' })).rejects.toThrow('The specified nextToken is invalid.');
    await expect(get({ ...stream, logStreamName: 'none' })).rejects.toThrow('The specified log stream does not exist.');
  });
});

describe('events', () => {
  it('are searched by time, stream and pattern, interleaved', async () => {
    await make('/search', 'a/1', 'a/2', 'b');
    await put('/search', 'a/1', [
      [0, 'ERROR one'],
      [20, 'INFO two'],
    ]);
    await put('/search', 'a/2', [[10, 'ERROR three']]);
    await put('/search', 'b', [[30, 'ERROR four']]);
    const search = async (input: Omit<FilterLogEventsCommandInput, 'logGroupName'>) =>
      (await filter({ logGroupName: '/search', interleaved: true, ...input })).messages;
    expect(await search({})).toEqual(['ERROR one', 'ERROR three', 'INFO two', 'ERROR four']);
    expect(await search({ filterPattern: 'ERROR -four' })).toEqual(['ERROR one', 'ERROR three']);
    expect(await search({ logStreamNamePrefix: 'a/', filterPattern: 'ERROR' })).toEqual(['ERROR one', 'ERROR three']);
    expect(await search({ logStreamNames: ['a/1', 'b'] })).toEqual(['ERROR one', 'INFO two', 'ERROR four']);
    expect(await search({ startTime: now + 10, endTime: now + 20 })).toEqual(['ERROR three', 'INFO two']);
    const { events } = await filter({ logGroupName: '/search', limit: 1 });
    expect(events).toEqual([
      {
        ...{ logStreamName: 'a/1', timestamp: now, message: 'ERROR one', ingestionTime: expect.any(Number) },
        eventId: expect.stringMatching(/^\d{56}$/),
      },
    ]);
    await expect(search({ filterPattern: '{ $.a' + ' }' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(search({ logStreamNamePrefix: 'a', logStreamNames: ['b'] })).rejects.toThrow(/at the same time/);
  });

  it('come a page at a time, each once, while others are put', async () => {
    await make('/paged', 's');
    const batch = Array.from({ length: 40 }, (_, index) => [index, `${index} ${'x'.repeat(9_000)}`] as const);
    await put('/paged', 's', batch);
    const found: string[] = [];
    const ids = new Set<string>();
    let nextToken: string | undefined;
    do {
      const page = await filter({ logGroupName: '/paged', filterPattern: '-39', limit: 7, nextToken });
      expect(page.events.length).toBeLessThanOrEqual(7);
      for (const { eventId = '' } of page.events) ids.add(eventId);
      found.push(...page.messages.map((message = '') => message.split(' ')[0] ?? ''));
      if (found.length === 14) await put('/paged', 's', [[100, 'one more']]);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(found).toEqual([...Array.from({ length: 39 }, (_, index) => String(index)), 'one']);
    expect(ids.size).toBe(40);
    const first = await filter({ logGroupName: '/paged', limit: 1 });
    await expect(filter({ logGroupName: '/paged', limit: 1, nextToken: 'x' })).rejects.toThrow(/nextToken is invalid/);
    const other = { logGroupName: '/paged', filterPattern: 'other', nextToken: first.nextToken };
    await expect(filter(other)).rejects.toThrow('The specified nextToken is invalid.');
  });

  it('are refused as AWS refuses them', async () => {
    await make('/refused', 's');
    const { rejectedLogEventsInfo } = await put('/refused', 's', [[3 * 3_600_000, 'too new']]);
    expect(rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 0 });
    expect((await put('/refused', 's', [[-15 * DAY_MS, 'too old']])).rejectedLogEventsInfo).toEqual({
      tooOldLogEventEndIndex: 1,
    });
    for (const [events, why] of [
      [[], /between 1 and 10000/],
      [[[0, '']], /greater than or equal to 1/],
      [
        [
          [1, 'b'],
          [0, 'a'],
        ],
        /chronological order/,
      ],
      [[[0, 'x'.repeat(262_145)]], /too large/],
      [
        [
          [-2 * DAY_MS, 'a'],
          [0, 'b'],
        ],
        /24 hours/,
      ],
      [Array.from({ length: 5 }, () => [0, 'x'.repeat(250_000)] as const), /Upload too large/],
    ] as const) {
      await expect(put('/refused', 's', events)).rejects.toThrow(why);
    }
    expect((await filter({ logGroupName: '/refused' })).messages).toEqual([]);
  });
});
