import { BusError, parseBus, parseRuleArn } from '../../buses/index.ts';
import type { Wish } from '../auth/access.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { listOf, structure, TEXT } from '../service/shape.ts';
import type { OpenBuses } from './events-names.ts';
import { TAG_LIST, toGiven, toTagList, toTags, withoutTags } from './tag-list.ts';

type Tags = Readonly<Record<string, string>>;

/** What is done to the tags of rules and buses. */
export function createTagOperations(buses: OpenBuses): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'TagResource',
      input: structure({ ResourceARN: TEXT, Tags: TAG_LIST }),
      output: structure({}),
      wish: async (_, { ResourceARN }) => wishOf('TagResource', ResourceARN),
      async handle(_, { ResourceARN, Tags }) {
        const added = toGiven('tags', Tags);
        await change(ResourceARN, (tags) => toTags(tags, added));
        return {};
      },
    }),
    createOperation({
      name: 'UntagResource',
      input: structure({ ResourceARN: TEXT, TagKeys: listOf(TEXT, 'member') }),
      output: structure({}),
      wish: async (_, { ResourceARN }) => wishOf('UntagResource', ResourceARN),
      async handle(_, { ResourceARN, TagKeys }) {
        const removed = toGiven('tagKeys', TagKeys);
        await change(ResourceARN, (tags) => withoutTags(tags, removed));
        return {};
      },
    }),
    createOperation({
      name: 'ListTagsForResource',
      input: structure({ ResourceARN: TEXT }),
      output: structure({ Tags: TAG_LIST }),
      wish: async (_, { ResourceARN }) => wishOf('ListTagsForResource', ResourceARN),
      async handle(_, { ResourceARN: arn }) {
        const { rules, buses: table } = await buses();
        const rule = parseRuleArn(arn ?? '');
        return { Tags: toTagList(rule === undefined ? table.get(busOf(arn)).tags : rules.get(rule).tags) };
      },
    }),
  ];

  async function change(arn: string | undefined, next: (tags: Tags) => Tags): Promise<void> {
    const { rules, buses: table } = await buses();
    const rule = parseRuleArn(arn ?? '');
    if (rule === undefined) await table.tag(busOf(arn), next);
    else await rules.tag(rule, next);
  }
}

function busOf(arn: string | undefined): NonNullable<ReturnType<typeof parseBus>> {
  const bus = arn?.startsWith('arn:') ? parseBus({ region: '', accountId: '' }, arn) : undefined;
  if (bus === undefined) throw new BusError('ValidationException', 'Parameter ResourceARN is not valid.');
  return bus;
}

function wishOf(action: string, arn: string = '*'): Wish {
  return { action: `events:${action}`, resource: arn };
}
