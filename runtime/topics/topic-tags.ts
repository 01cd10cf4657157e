import { invalidParameter, TopicError } from './topic-error.ts';

export type Tags = Readonly<Record<string, string>>;

const MOST_TAGS = 50;

/** Tags and what was given besides; throws a TopicError. */
export function withTags(current: Tags, given: readonly { readonly key: string; readonly value: string }[]): Tags {
  if (new Set(given.map(({ key }) => key)).size < given.length) {
    throw invalidParameter('Duplicated keys are not allowed.');
  }
  for (const { key, value } of given) {
    if (key.length < 1 || key.length > 128) throw invalidParameter('Tags Reason: a key must be 1 to 128 characters');
    if (value.length > 256) throw invalidParameter('Tags Reason: a value must be 256 characters at the most');
  }
  const tags = Object.fromEntries([
    ...Object.entries(current),
    ...given.map(({ key, value }): [string, string] => [key, value]),
  ]);
  if (Object.keys(tags).length <= MOST_TAGS) return tags;
  throw new TopicError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
}

export function withoutTags(current: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(current).filter(([key]) => !keys.includes(key)));
}
