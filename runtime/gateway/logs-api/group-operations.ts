import { invalid, type LogGroupRecord, type Logs, toLogGroupArn } from '../../logs/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { listOf, mapOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { nullMember, type OpenLogs, parseGroup, parseLimit, toPage, wishFor } from './group-input.ts';

const NAME = { logGroupName: TEXT };
const GROUP = structure({
  ...{ logGroupName: TEXT, creationTime: WHOLE, retentionInDays: WHOLE, metricFilterCount: WHOLE, arn: TEXT },
  ...{ storedBytes: WHOLE, logGroupClass: TEXT, logGroupArn: TEXT },
});
const MOST_GROUPS = 50;

/** What groups there are, and what is set of them. */
export function createGroupOperations(logs: OpenLogs): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'CreateLogGroup',
      input: structure({ ...NAME, kmsKeyId: TEXT, logGroupClass: TEXT, tags: mapOf(TEXT, 'entry') }),
      wish: wishFor('CreateLogGroup'),
      async handle({ caller }, { logGroupName, logGroupClass = 'STANDARD', tags }) {
        const key = parseGroup(caller.scope, { logGroupName });
        if (!['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'].includes(logGroupClass)) {
          throw invalid(`There is no log group class ${logGroupClass.slice(0, 64)}.`);
        }
        await (await logs()).groups.create(key, tags);
        return undefined;
      },
    }),
    createOperation({
      name: 'DeleteLogGroup',
      input: structure(NAME),
      wish: wishFor('DeleteLogGroup'),
      async handle({ caller }, { logGroupName }) {
        await (await logs()).deleteGroup(parseGroup(caller.scope, { logGroupName }));
        return undefined;
      },
    }),
    createOperation({
      name: 'DescribeLogGroups',
      input: structure({
        ...{ logGroupNamePrefix: TEXT, logGroupNamePattern: TEXT, nextToken: TEXT, limit: WHOLE, logGroupClass: TEXT },
      }),
      output: structure({ logGroups: listOf(GROUP, 'member'), nextToken: TEXT }),
      wish: async ({ caller }) => ({
        action: 'logs:DescribeLogGroups',
        resource: toLogGroupArn({ ...caller.scope, name: '' }),
      }),
      async handle({ caller }, { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, nextToken, limit }) {
        if (prefix !== undefined && pattern !== undefined) {
          throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
        }
        const opened = await logs();
        const found = opened.groups
          .list(caller.scope)
          .filter(({ name }) => name.startsWith(prefix ?? '') && contains(name, pattern ?? ''));
        const page = toPage(found, { nextToken, limit: parseLimit(limit, MOST_GROUPS) }, ({ name }) => name);
        const logGroups = await Promise.all(page.items.map((group) => toView(opened, group)));
        return { logGroups, nextToken: page.nextToken };
      },
    }),
    createOperation({
      name: 'PutRetentionPolicy',
      input: structure({ ...NAME, retentionInDays: WHOLE }),
      wish: wishFor('PutRetentionPolicy'),
      async handle({ caller }, { logGroupName, retentionInDays: days }) {
        const key = parseGroup(caller.scope, { logGroupName });
        if (days === undefined) throw nullMember('retentionInDays');
        const opened = await logs();
        await opened.groups.setRetention(key, days);
        await opened.sweep();
        return undefined;
      },
    }),
    createOperation({
      name: 'DeleteRetentionPolicy',
      input: structure(NAME),
      wish: wishFor('DeleteRetentionPolicy'),
      async handle({ caller }, { logGroupName }) {
        await (await logs()).groups.setRetention(parseGroup(caller.scope, { logGroupName }), undefined);
        return undefined;
      },
    }),
  ];
}

/** Whatever the case, as AWS does where the pattern is. */
function contains(name: string, pattern: string): boolean {
  return name.toLowerCase().includes(pattern.toLowerCase());
}

async function toView(logs: Logs, group: LogGroupRecord) {
  const arn = toLogGroupArn(group);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: await logs.bytesOf(group),
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
  };
}
