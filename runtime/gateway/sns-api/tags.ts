import { missingParameter, TopicError, type Topics } from '../../topics/index.ts';
import type { Wish } from '../auth/access.ts';
import type { Caller } from '../auth/authenticator.ts';
import { createOperation, type ServiceOperation, type ServiceRequest } from '../service/service.ts';
import { framedListOf, type List, type Of, type Structure, structure, TEXT } from '../service/shape.ts';
import { type OpenTopics, parseOwnTopic, wishFor } from './topic-wish.ts';

const TAG: Structure<{ readonly Key?: string | undefined; readonly Value?: string | undefined }> = structure({
  ...{ Key: TEXT, Value: TEXT },
});
export const TAGS: List<Of<typeof TAG>> = framedListOf(TAG);

export function toTags(tags: Of<typeof TAGS>): readonly { readonly key: string; readonly value: string }[] {
  return tags.map(({ Key: key = '', Value: value = '' }) => ({ key, value }));
}

/** What topics are labelled with. */
export function createTagOperations(topics: OpenTopics): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'TagResource',
      input: structure({ ResourceArn: TEXT, Tags: TAGS }),
      output: structure({}),
      wish: tagWish('TagResource'),
      async handle({ caller }, { ResourceArn, Tags }) {
        const { table, key } = await find(caller, ResourceArn);
        if (Tags === undefined) throw missingParameter('Tags');
        await table.tag(key, toTags(Tags));
        return {};
      },
    }),
    createOperation({
      name: 'UntagResource',
      input: structure({ ResourceArn: TEXT, TagKeys: framedListOf(TEXT) }),
      output: structure({}),
      wish: tagWish('UntagResource'),
      async handle({ caller }, { ResourceArn, TagKeys }) {
        const { table, key } = await find(caller, ResourceArn);
        if (TagKeys === undefined) throw missingParameter('TagKeys');
        await table.untag(key, TagKeys);
        return {};
      },
    }),
    createOperation({
      name: 'ListTagsForResource',
      input: structure({ ResourceArn: TEXT }),
      output: structure({ Tags: TAGS }),
      wish: tagWish('ListTagsForResource'),
      async handle({ caller }, { ResourceArn }) {
        const { table, key } = await find(caller, ResourceArn);
        return { Tags: Object.entries(table.get(key).tags).map(([Key, Value]) => ({ Key, Value })) };
      },
    }),
  ];

  function tagWish(
    action: string,
  ): (request: ServiceRequest, input: { readonly ResourceArn?: string | undefined }) => Promise<Wish> {
    return ({ caller }, { ResourceArn }) => wishFor(topics, action, parseOwnTopic(caller, ResourceArn, 'ResourceArn'));
  }

  async function find(
    caller: Caller,
    arn: string | undefined,
  ): Promise<{ readonly table: Topics['table']; readonly key: ReturnType<typeof parseOwnTopic> }> {
    const key = parseOwnTopic(caller, arn, 'ResourceArn');
    const { table } = await topics();
    if (table.find(key) === undefined) throw new TopicError('ResourceNotFound', 'Resource does not exist');
    return { table, key };
  }
}
