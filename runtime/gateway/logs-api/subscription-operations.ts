import { createOperation, type ServiceOperation } from '../service/service.ts';
import { FLAG, listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { nullMember, type OpenLogs, parseGroup, parseLimit, toPage, wishFor } from './group-input.ts';

const FILTER = structure({
  ...{ filterName: TEXT, logGroupName: TEXT, filterPattern: TEXT, destinationArn: TEXT, distribution: TEXT },
  ...{ creationTime: WHOLE, applyOnTransformedLogs: FLAG },
});
const MOST_FILTERS = 50;

/** Functions that are told of a group's events. */
export function createSubscriptionOperations(logs: OpenLogs): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'PutSubscriptionFilter',
      input: structure({
        ...{ logGroupName: TEXT, filterName: TEXT, filterPattern: TEXT, destinationArn: TEXT, roleArn: TEXT },
        ...{ distribution: TEXT, applyOnTransformedLogs: FLAG },
      }),
      wish: wishFor('PutSubscriptionFilter'),
      async handle(
        { caller },
        { logGroupName, filterName, filterPattern, destinationArn, distribution = 'ByLogStream' },
      ) {
        const key = parseGroup(caller.scope, { logGroupName });
        if (filterName === undefined) throw nullMember('filterName');
        if (filterPattern === undefined) throw nullMember('filterPattern');
        if (destinationArn === undefined) throw nullMember('destinationArn');
        const filter = { name: filterName, pattern: filterPattern, destinationArn, distribution };
        await (await logs()).subscribe(key, filter);
        return undefined;
      },
    }),
    createOperation({
      name: 'DescribeSubscriptionFilters',
      input: structure({ logGroupName: TEXT, filterNamePrefix: TEXT, nextToken: TEXT, limit: WHOLE }),
      output: structure({ subscriptionFilters: listOf(FILTER, 'member'), nextToken: TEXT }),
      wish: wishFor('DescribeSubscriptionFilters'),
      async handle({ caller }, { logGroupName, filterNamePrefix: prefix = '', nextToken, limit }) {
        const group = (await logs()).groups.get(parseGroup(caller.scope, { logGroupName }));
        const found = group.filters.filter(({ name }) => name.startsWith(prefix));
        const page = toPage(found, { nextToken, limit: parseLimit(limit, MOST_FILTERS) }, ({ name }) => name);
        const subscriptionFilters = page.items.map(({ name, pattern, destinationArn, distribution, createdAt }) => ({
          ...{ filterName: name, logGroupName: group.name, filterPattern: pattern, destinationArn, distribution },
          ...{ creationTime: createdAt, applyOnTransformedLogs: false },
        }));
        return { subscriptionFilters, nextToken: page.nextToken };
      },
    }),
    createOperation({
      name: 'DeleteSubscriptionFilter',
      input: structure({ logGroupName: TEXT, filterName: TEXT }),
      wish: wishFor('DeleteSubscriptionFilter'),
      async handle({ caller }, { logGroupName, filterName }) {
        const key = parseGroup(caller.scope, { logGroupName });
        if (filterName === undefined) throw nullMember('filterName');
        await (await logs()).groups.deleteFilter(key, filterName);
        return undefined;
      },
    }),
  ];
}
