import { type GroupRecord, toGroupArn } from '../../buses/index.ts';
import { TAG_LIST, toTags } from '../events-api/tag-list.ts';
import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { structure, TEXT } from '../service/shape.ts';
import { groupWish, listWish, type OpenBuses, toGroupKey, toPage } from './scheduler-names.ts';

const ALL = '/schedule-groups';
const ONE = '/schedule-groups/:Name';
const NAMED = structure({ Name: TEXT, ClientToken: TEXT });

/** What is done to groups of schedules. */
export function createGroupOperations(buses: OpenBuses): readonly RestOperation[] {
  const tableOf = async () => (await buses()).schedules;
  return [
    createRestOperation({
      ...{ name: 'CreateScheduleGroup', method: 'POST', path: ONE, status: 200 },
      input: structure({ Name: TEXT, ClientToken: TEXT, Tags: TAG_LIST }),
      wish: async (request, { Name }) => groupWish('CreateScheduleGroup', toGroupKey(request, Name)),
      handle: async (request, { Name, Tags }) => ({
        ScheduleGroupArn: toGroupArn(
          await (await tableOf()).createGroup(toGroupKey(request, Name), toTags({}, Tags ?? [])),
        ),
      }),
    }),
    createRestOperation({
      ...{ name: 'GetScheduleGroup', method: 'GET', path: ONE, status: 200 },
      input: NAMED,
      wish: async (request, { Name }) => groupWish('GetScheduleGroup', toGroupKey(request, Name)),
      handle: async (request, { Name }) => toGroupView((await tableOf()).group(toGroupKey(request, Name))),
    }),
    createRestOperation({
      ...{ name: 'DeleteScheduleGroup', method: 'DELETE', path: ONE, status: 200 },
      input: NAMED,
      wish: async (request, { Name }) => groupWish('DeleteScheduleGroup', toGroupKey(request, Name)),
      async handle(request, { Name }) {
        await (await buses()).deleteGroup(toGroupKey(request, Name));
        return {};
      },
    }),
    createRestOperation({
      ...{ name: 'ListScheduleGroups', method: 'GET', path: ALL, status: 200 },
      input: structure({ NamePrefix: TEXT, NextToken: TEXT, MaxResults: TEXT }),
      wish: async ({ caller }) => listWish('ListScheduleGroups', caller.scope),
      async handle({ caller }, { NamePrefix = '', ...asked }) {
        const found = (await tableOf()).groups(caller.scope).filter(({ name }) => name.startsWith(NamePrefix));
        const { page, next } = toPage(found, asked, ({ name }) => name);
        return { ScheduleGroups: page.map(toGroupView), NextToken: next };
      },
    }),
  ];
}

function toGroupView(group: GroupRecord): Readonly<Record<string, unknown>> {
  const at = group.createdAt / 1_000;
  const times = group.createdAt === 0 ? {} : { CreationDate: at, LastModificationDate: at };
  return { Arn: toGroupArn(group), Name: group.name, State: 'ACTIVE', ...times };
}
