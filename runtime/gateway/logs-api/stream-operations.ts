import { invalid, type LogGroupKey, type Logs, toLogStreamArn } from '../../logs/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { FLAG, listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { nullMember, type OpenLogs, parseGroup, parseLimit, toPage, wishFor, wishForStream } from './group-input.ts';

const STREAM = structure({ logGroupName: TEXT, logStreamName: TEXT });
const VIEW = structure({
  ...{ logStreamName: TEXT, creationTime: WHOLE, firstEventTimestamp: WHOLE, lastEventTimestamp: WHOLE },
  ...{ lastIngestionTime: WHOLE, uploadSequenceToken: TEXT, arn: TEXT, storedBytes: WHOLE },
});
const MOST_STREAMS = 50;

/** What streams a group has. */
export function createStreamOperations(logs: OpenLogs): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'CreateLogStream',
      input: STREAM,
      wish: wishFor('CreateLogStream'),
      async handle({ caller }, { logGroupName, logStreamName: stream }) {
        const key = parseGroup(caller.scope, { logGroupName });
        if (stream === undefined) throw nullMember('logStreamName');
        await (await logs()).createStream(key, stream);
        return undefined;
      },
    }),
    createOperation({
      name: 'DeleteLogStream',
      input: STREAM,
      wish: wishForStream('DeleteLogStream'),
      async handle({ caller }, { logGroupName, logStreamName: stream }) {
        const key = parseGroup(caller.scope, { logGroupName });
        if (stream === undefined) throw nullMember('logStreamName');
        await (await logs()).deleteStream(key, stream);
        return undefined;
      },
    }),
    createOperation({
      name: 'DescribeLogStreams',
      input: structure({
        ...{ logGroupName: TEXT, logGroupIdentifier: TEXT, logStreamNamePrefix: TEXT, orderBy: TEXT },
        ...{ descending: FLAG, nextToken: TEXT, limit: WHOLE },
      }),
      output: structure({ logStreams: listOf(VIEW, 'member'), nextToken: TEXT }),
      wish: wishFor('DescribeLogStreams'),
      async handle({ caller }, { logStreamNamePrefix: prefix, orderBy = 'LogStreamName', nextToken, ...input }) {
        const key = parseGroup(caller.scope, input);
        if (orderBy !== 'LogStreamName' && orderBy !== 'LastEventTime') {
          throw invalid(
            `1 validation error detected: Value '${orderBy.slice(0, 64)}' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LogStreamName, LastEventTime]`,
          );
        }
        if (orderBy === 'LastEventTime' && prefix !== undefined) {
          throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
        }
        const views = await toViews(await logs(), key, prefix ?? '');
        const byName = (a: View, b: View): number => (a.logStreamName < b.logStreamName ? -1 : 1);
        const byTime = (a: View, b: View): number =>
          (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0) || byName(a, b);
        views.sort(orderBy === 'LastEventTime' ? byTime : byName);
        if (input.descending) views.reverse();
        const limit = parseLimit(input.limit, MOST_STREAMS);
        const page = toPage(views, { nextToken, limit }, ({ logStreamName }) => logStreamName);
        return { logStreams: page.items, nextToken: page.nextToken };
      },
    }),
  ];
}

interface View {
  readonly logStreamName: string;
  readonly lastEventTimestamp: number | undefined;
}

async function toViews(logs: Logs, key: LogGroupKey, prefix: string) {
  const streams = await logs.streams(key);
  return [...streams]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, { createdAt, firstAt, lastAt, cameAt }]) => ({
      ...{ logStreamName: name, creationTime: createdAt, firstEventTimestamp: firstAt, lastEventTimestamp: lastAt },
      ...{ lastIngestionTime: cameAt, uploadSequenceToken: SEQUENCE_TOKEN },
      ...{ arn: toLogStreamArn(key, name), storedBytes: 0 },
    }));
}

/** AWS gives one still, and takes any. */
export const SEQUENCE_TOKEN: string = '4'.padEnd(56, '9');
