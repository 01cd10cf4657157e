import { BusError, type GroupKey } from '../../buses/index.ts';
import { TAG_LIST, toGiven, toTagList, toTags, withoutTags } from '../events-api/tag-list.ts';
import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { listOf, structure, TEXT } from '../service/shape.ts';
import { groupWish, type OpenBuses } from './scheduler-names.ts';

const RESOURCE = '/tags/:ResourceArn';
const ARN = /^arn:aws[a-z-]*:scheduler:([a-z0-9-]+):(\d{12}):schedule-group\/([0-9a-zA-Z_.-]{1,64})$/;

/** Tags of groups: schedules have none. */
export function createTagOperations(buses: OpenBuses): readonly RestOperation[] {
  const tableOf = async () => (await buses()).schedules;
  return [
    createRestOperation({
      ...{ name: 'ListTagsForResource', method: 'GET', path: RESOURCE, status: 200 },
      input: structure({ ResourceArn: TEXT }),
      wish: async (_, { ResourceArn }) => groupWish('ListTagsForResource', parseGroup(ResourceArn)),
      handle: async (_, { ResourceArn }) => ({
        Tags: toTagList((await tableOf()).group(parseGroup(ResourceArn)).tags ?? {}),
      }),
    }),
    createRestOperation({
      ...{ name: 'TagResource', method: 'POST', path: RESOURCE, status: 200 },
      input: structure({ ResourceArn: TEXT, Tags: TAG_LIST }),
      wish: async (_, { ResourceArn }) => groupWish('TagResource', parseGroup(ResourceArn)),
      async handle(_, { ResourceArn, Tags }) {
        const added = toGiven('tags', Tags);
        await (await tableOf()).tagGroup(parseGroup(ResourceArn), (tags) => toTags(tags, added));
      },
    }),
    createRestOperation({
      ...{ name: 'UntagResource', method: 'DELETE', path: RESOURCE, status: 200 },
      input: structure({ ResourceArn: TEXT, TagKeys: listOf(TEXT, 'member') }),
      wish: async (_, { ResourceArn }) => groupWish('UntagResource', parseGroup(ResourceArn)),
      async handle(_, { ResourceArn, TagKeys }) {
        const gone = toGiven('tagKeys', TagKeys);
        await (await tableOf()).tagGroup(parseGroup(ResourceArn), (tags) => withoutTags(tags, gone));
      },
    }),
  ];
}

function parseGroup(arn: string = ''): GroupKey {
  const [, region, accountId, name] = ARN.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || name === undefined) {
    throw new BusError('ValidationException', `${arn} is no ARN of a schedule group.`);
  }
  return { region, accountId, name };
}
