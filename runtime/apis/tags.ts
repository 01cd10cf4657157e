import { badRequest } from './api-error.ts';
import type { Texts } from './api-record.ts';

const MOST_TAGS = 50;

export function withTags(current: Texts, given: Texts = {}): Texts {
  for (const [name, value] of Object.entries(given)) {
    if (name.length < 1 || name.length > 128 || /^aws:/i.test(name)) {
      throw badRequest(`Invalid tag key: ${name.slice(0, 128)}`);
    }
    if (value.length > 256) throw badRequest(`The value of the tag ${name} is longer than 256 characters.`);
  }
  const tags = Object.fromEntries([...Object.entries(current), ...Object.entries(given)]);
  if (Object.keys(tags).length > MOST_TAGS) throw badRequest(`There may be ${MOST_TAGS} tags.`);
  return tags;
}

export function withoutTags(current: Texts, names: readonly string[]): Texts {
  return Object.fromEntries(Object.entries(current).filter(([name]) => !names.includes(name)));
}
