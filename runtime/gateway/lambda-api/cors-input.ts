import type { Cors } from '../../contract/cors.ts';
import type { Constraints } from '../../registry/constraints.ts';
import type { Members } from './members.ts';

const METHODS = /^(GET|PUT|HEAD|POST|PATCH|DELETE|\*)$/;
const HEADER = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const ORIGIN = /^[\x21-\x7e]+$/;

interface ListRule {
  readonly items: number;
  readonly length: number;
  readonly pattern: RegExp;
}
const HEADERS: ListRule = { items: 100, length: 1_024, pattern: HEADER };

/** Reads a URL's Cors member; the texts end up in response headers, so each is held to what a header may carry. */
export function parseCors(members: Members, constraints: Constraints): Cors {
  const list = (name: string, rule: ListRule): readonly string[] | undefined => {
    const items = members.texts(name);
    const member = `cors.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (items !== undefined && items.length > rule.items) {
      constraints.violated(
        member,
        `${items.length} items`,
        `Member must have length less than or equal to ${rule.items}`,
      );
    }
    for (const item of items?.slice(0, rule.items) ?? []) {
      constraints.length(member, item, { min: 1, max: rule.length });
      constraints.matches(member, item, rule.pattern);
    }
    return items;
  };
  const maxAge = members.integer('MaxAge');
  constraints.range('cors.maxAge', maxAge, { min: 0, max: 86_400 });
  const cors = {
    allowCredentials: members.flag('AllowCredentials'),
    allowHeaders: list('AllowHeaders', HEADERS),
    allowMethods: list('AllowMethods', { items: 6, length: 6, pattern: METHODS }),
    allowOrigins: list('AllowOrigins', { items: 100, length: 253, pattern: ORIGIN }),
    exposeHeaders: list('ExposeHeaders', HEADERS),
    maxAge,
  };
  return Object.fromEntries(Object.entries(cors).filter(([, value]) => value !== undefined)) as Cors;
}
