import { invalid } from '../../buses/index.ts';
import { Constraints } from '../../registry/constraints.ts';
import { type List, listOf, structure, TEXT } from '../service/shape.ts';

/** As EventBridge writes tags. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export const TAG_LIST: List<Tag> = listOf(structure({ Key: TEXT, Value: TEXT }), 'member');

type Tags = Readonly<Record<string, string>>;

const MOST_TAGS = 50;

/** Tags with others put over them. Throws for what is none, or one too many. */
export function toTags(current: Tags, added: readonly Tag[]): Tags {
  const constraints = new Constraints();
  for (const [at, { Key, Value }] of added.entries()) {
    constraints.required(`tags.${at + 1}.member.key`, Key);
    constraints.length(`tags.${at + 1}.member.key`, Key, { min: 1, max: 128 });
    constraints.required(`tags.${at + 1}.member.value`, Value);
    constraints.length(`tags.${at + 1}.member.value`, Value, { max: 256 });
  }
  constraints.assertSatisfied();
  const keys = added.map(({ Key }) => Key ?? '');
  if (keys.some((key) => /^aws:/i.test(key)))
    throw invalid('aws: prefixed tag key names are not allowed for external use.');
  const tags = { ...current, ...Object.fromEntries(added.map(({ Key, Value }) => [Key ?? '', Value ?? ''])) };
  if (Object.keys(tags).length > MOST_TAGS) throw invalid(`A resource has at most ${MOST_TAGS} tags.`);
  return tags;
}

export function toTagList(tags: Tags): readonly Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function withoutTags(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

/** A list that a request must have. */
export function toGiven<Item>(member: string, list: readonly Item[] | undefined): readonly Item[] {
  const constraints = new Constraints();
  constraints.required(member, list);
  constraints.assertSatisfied();
  return list ?? [];
}
